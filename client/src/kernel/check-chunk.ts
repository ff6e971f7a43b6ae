import { inRanges, maxShardInPorts, type OutPort, type PlanChunk, type Ranges } from '../model/index.ts'

/**
 * A chunk that refers to what it does not hold would make `reduce` throw at some later event, or a job wait for ever.
 * @throws Error naming the shard and the reference
 */
export function checkChunk(chunk: PlanChunk, outPorts: readonly OutPort[]): void {
  const size = chunk.jobs.length
  const refuse = (what: string) => {
    throw new Error(`the plan of shard ${chunk.shard} is damaged: ${what}`)
  }
  for (const [index, job] of chunk.jobs.entries()) {
    if (chunk.templates[job.template] === undefined) refuse(`its job ${index} has template ${job.template}`)
    for (const parent of inRanges(job.parents))
      if (parent >= index) refuse(`its job ${index} depends on its job ${parent}`)
  }
  checkInPorts(chunk, refuse)
  for (const { count, parents, toShard } of outPorts) {
    if (lastOf(parents) >= size) refuse(`a port of shard ${toShard} waits for its job ${lastOf(parents)}`)
    if (count > 1 && count !== [...inRanges(parents)].length)
      refuse(`${count} ports of shard ${toShard} wait for others`)
  }
}

function checkInPorts(chunk: PlanChunk, refuse: (what: string) => void): void {
  const total = chunk.inPorts.reduce((sum, inPort) => sum + inPort.count, 0)
  if (total > maxShardInPorts) refuse(`it has ${total} in-ports, more than ${maxShardInPorts}`)
  const seen = new Set<number>()
  for (const { first, count, children, fromShard } of chunk.inPorts) {
    if (lastOf(children) >= chunk.jobs.length) refuse(`its job ${lastOf(children)} waits for shard ${fromShard}`)
    if (first + count > total) refuse(`its in-port ${first + count - 1} is one of ${total}`)
    for (let port = first; port < first + count; port++) seen.add(port)
  }
  if (seen.size !== total) refuse(`${total} in-ports have ${seen.size} numbers`)
}

function lastOf(ranges: Ranges): number {
  const last = ranges.at(-1) ?? -1
  return typeof last === 'number' ? last : last[1]
}
