import { Backend, RunningBatch, type Submission } from 'graupel'
import type { BatchControl } from '../../client/src/backends/batch-control.ts'

/** A batch that nobody asks anything but its id. */
const controlOf = (id: string): BatchControl<RunningBatch> => {
  const refuse = () => {
    throw new Error('not part of this test')
  }
  const control = {
    status: refuse,
    jobs: refuse,
    job: refuse,
    wait: refuse,
    cancel: refuse,
    delete: refuse,
    watch: refuse,
  }
  return { id, ...control, cancelJobs: refuse, watchEnds: refuse, readValue: refuse }
}

/** Notes what it is told to run, and numbers the jobs as they come. */
export class RecordingBackend extends Backend<RunningBatch> {
  readonly submissions: Submission[] = []
  /** What the next submission meets instead of being recorded. */
  failure: Error | undefined
  /** Submissions wait for it. */
  gate: Promise<void> = Promise.resolve()
  jobs = 0

  override async runBatch(submission: Submission): Promise<RunningBatch> {
    this.submissions.push(submission)
    await this.gate
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
    const id = submission.batchId ?? 'batch0001'
    submission.submitted(
      id,
      Uint32Array.from(submission.spec.jobs, () => ++this.jobs),
    )
    return new RunningBatch(controlOf(id))
  }

  override findBatch(id: string): Promise<RunningBatch> {
    return Promise.resolve(new RunningBatch(controlOf(id)))
  }
}
