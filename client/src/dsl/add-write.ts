import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { locateOrRefuse } from './add-input.ts'
import type { BatchGraph } from './batch-graph.ts'
import { Job } from './job.ts'
import { batchLabel } from './job-draft.ts'
import { locateDestination, type PathLike } from './location.ts'
import { isOutProxy } from './out-proxy.ts'
import { scopeOf } from './resource.ts'
import { isResourceFile, type ResourceFile } from './resource-file.ts'
import { membersOf, ResourceGroup } from './resource-group.ts'
import { Result } from './result.ts'

export function describeValue(value: unknown): string {
  if (isOutProxy(value)) return 'all of job.out'
  if (value instanceof Job) return 'a job'
  if (value instanceof Result) return 'a result (write its asJson(), asStr() or asRepr())'
  return typeof value === 'string' ? `the text '${value}'` : String(value)
}

/** @throws InvalidBatchError */
export function addWrites(graph: BatchGraph, resource: ResourceFile | ResourceGroup, destination: PathLike): void {
  const uri = locateOrRefuse('writeOutput', destination, locateDestination)
  const isGroup = resource instanceof ResourceGroup
  if (!isGroup && !isResourceFile(resource))
    throw new InvalidBatchError({
      message: `writeOutput to ${uri}: ${describeValue(resource)} is no file; pass a file or group, such as job.out.name.`,
    })
  const { batch } = scopeOf(resource)
  if (batch !== graph)
    throw new InvalidBatchError({
      message: `writeOutput to ${uri}: the file is of another batch, ${batchLabel(batch)}; let that one write it.`,
    })
  const files = isGroup ? [...membersOf(resource)] : [[undefined, resource] as const]
  for (const [member, file] of files) {
    graph.writes.push({ file, destination: member === undefined ? uri : `${uri}.${member}` })
  }
}
