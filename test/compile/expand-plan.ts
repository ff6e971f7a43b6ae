import { inRanges, type OutPort, type PlanChunk, type Ranges } from 'graupel/model'

/** One way on which a child waits for a parent: inside the shard, or by a port. Jobs by their number in the batch. */
export interface Path {
  readonly parent: number
  readonly child: number
  readonly port: number | undefined
}

function listAscending(ranges: Ranges): number[] {
  const list = [...inRanges(ranges)]
  list.forEach((number, place) => {
    if (place > 0 && number <= (list[place - 1] ?? 0)) throw new Error(`${JSON.stringify(ranges)} does not ascend`)
  })
  return list
}

/** The sets of parents of each port of `toShard` that the jobs of one chunk resolve. */
function* resolvedPorts(outPorts: readonly OutPort[], toShard: number): Generator<[number, number[]]> {
  for (const { toShard: to, first, count, parents } of outPorts) {
    if (to !== toShard) continue
    const list = listAscending(parents)
    if (count === 1) yield [first, list]
    else {
      if (list.length !== count) throw new Error(`${count} ports of shard ${to} have ${list.length} parents`)
      yield* list.map((parent, offset): [number, number[]] => [first + offset, [parent]])
    }
  }
}

function* waitingPorts(chunk: PlanChunk): Generator<{ fromShard: number; port: number; children: number[] }> {
  let next = 0
  for (const { fromShard, first, count, children } of chunk.inPorts) {
    if (first !== next) throw new Error(`in-port ${first} of shard ${chunk.shard} should have been ${next}`)
    next += count
    const list = listAscending(children)
    if (count === 1) yield { fromShard, port: first, children: list }
    else {
      if (list.length !== count) throw new Error(`${count} ports of shard ${chunk.shard} have ${list.length} children`)
      for (const [offset, child] of list.entries()) yield { fromShard, port: first + offset, children: [child] }
    }
  }
}

/** Every path of a plan, by following both sides of each port, as a reader would who knows nothing of the compiler. */
export function expandPlan(chunks: readonly PlanChunk[], attached: ReadonlyMap<number, readonly OutPort[]>): Path[] {
  const paths: Path[] = []
  const firstJobs = new Map(chunks.map((chunk) => [chunk.shard, chunk.firstJob]))
  const chunkOf = new Map(chunks.map((chunk) => [chunk.shard, chunk]))
  for (const chunk of chunks) {
    chunk.jobs.forEach((job, index) => {
      for (const parent of listAscending(job.parents))
        paths.push({ parent: chunk.firstJob + parent, child: chunk.firstJob + index, port: undefined })
    })
    const resolved = new Map<number, Map<number, number[]>>()
    for (const { fromShard, port, children } of waitingPorts(chunk)) {
      const outPorts = chunkOf.get(fromShard)?.outPorts ?? attached.get(fromShard) ?? []
      if (!resolved.has(fromShard)) resolved.set(fromShard, new Map(resolvedPorts(outPorts, chunk.shard)))
      const parents = resolved.get(fromShard)?.get(port)
      if (parents === undefined) throw new Error(`shard ${fromShard} does not know port ${port} of ${chunk.shard}`)
      // Shards of earlier submissions are named by their number alone: their jobs count from zero.
      const firstJob = firstJobs.get(fromShard) ?? 0
      for (const parent of parents)
        for (const child of children) paths.push({ parent: firstJob + parent, child: chunk.firstJob + child, port })
    }
  }
  return paths
}
