import type { Task } from '../model/index.ts'
import type { JobResourceFile } from './job-resource-file.ts'
import type { Resource } from './resource.ts'

/** What a job does, before its files have paths. */
export interface JobTask {
  /** False: a barrier. */
  readonly hasWork: boolean
  /** Files and groups that it reads or makes. */
  readonly mentioned: ReadonlySet<Resource>
  /** What the job shares with others of its batch, by name. */
  readonly texts: ReadonlyMap<string, string>
  /** Files that outlive the run, each with the name under which the program asks for it. */
  readonly kept: ReadonlyMap<JobResourceFile, string>
  /** @param pathOf the path of a resource below `BATCH_TMPDIR` */
  toTask(pathOf: (resource: Resource) => string): Task
}
