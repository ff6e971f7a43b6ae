import type { Task } from '../model/index.ts'
import type { Resource } from './resource.ts'

/** What a job does, before its files have paths. */
export interface JobTask {
  /** False: a barrier. */
  readonly hasWork: boolean
  /** Files and groups that it reads or makes. */
  readonly mentioned: ReadonlySet<Resource>
  /** @param pathOf the path of a resource below `BATCH_TMPDIR` */
  toTask(pathOf: (resource: Resource) => string): Task
}
