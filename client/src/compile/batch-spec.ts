import type { JobDetail, JobTemplate } from '../model/index.ts'

/**
 * A batch as the program described it, as plain data: what the DSL makes and `compile` reads. Jobs are numbered by
 * their place in `jobs`, in the order of their creation; `compile` gives them their topological numbers.
 */
export interface BatchSpec {
  readonly name: string | undefined
  readonly attributes: Readonly<Record<string, string>>
  readonly cancelAfterNFailures: number | undefined
  readonly jobs: readonly JobSpec[]
  /** What inputs of kind `text` name, where it is not with the batch already. Default none. */
  readonly texts?: ReadonlyMap<string, string> | undefined
}

export interface JobSpec {
  readonly name: string | undefined
  readonly attributes: Readonly<Record<string, string>> | undefined
  readonly template: JobTemplate
  /**
   * `job` of an input is an index into `jobs` here, and its maker counts as a parent, named below or not. The file of a
   * job of an earlier submission has that job's number, negated.
   */
  readonly detail: JobDetail
  /** Indexes into `jobs`: explicit dependencies and those that files make; each once, any order. */
  readonly parents: readonly number[]
  /** Numbers of jobs of an earlier submission of the same batch. */
  readonly earlierParents: readonly number[]
}
