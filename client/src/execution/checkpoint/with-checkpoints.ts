import { abortKind, mayWrite } from '../attempt/abort-reason.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { messageOf } from '../attempt/attempt-fault.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
import { restoreCheckpoint } from './restore-checkpoint.ts'
import { saveCheckpoint } from './save-checkpoint.ts'

/**
 * Does the job's work around its checkpoint folder, if it has one: with what was left there before, stored every so often
 * meanwhile, and once more when the work ends otherwise than by success. What goes wrong with storing changes nothing, but
 * is told, in the job's log and the worker's.
 */
export async function withCheckpoints<T>(
  context: AttemptContext,
  workspace: Workspace,
  work: () => Promise<T>,
): Promise<T> {
  const { checkpoint } = context.assignment.template
  if (checkpoint === undefined) return work()
  await restoreCheckpoint(context, workspace)
  const saver = new Saver(context, workspace)
  const done = new AbortController()
  const saving = saver.saveEvery(checkpoint.everyMs, done.signal)
  try {
    return await work()
  } catch (error) {
    // Nobody will go on with the work of a cancelled job.
    const { signal } = context.options
    if (!signal.aborted || abortKind(signal) !== 'stopped') await saver.save(context.lastIo)
    throw error
  } finally {
    done.abort('ended')
    await saving
  }
}

class Saver {
  readonly #context: AttemptContext
  readonly #workspace: Workspace
  #number = 0

  constructor(context: AttemptContext, workspace: Workspace) {
    this.#context = context
    this.#workspace = workspace
  }

  async saveEvery(everyMs: number, ended: AbortSignal): Promise<void> {
    const { clock } = this.#context.options
    while (!ended.aborted) {
      await clock.sleep(everyMs, ended)
      if (!ended.aborted) await this.save(this.#context.io)
    }
  }

  /** One that is under way when the last begins is of a lower number, so it changes nothing any more. */
  async save(io: AttemptContext['io']): Promise<void> {
    try {
      await saveCheckpoint(this.#context, this.#workspace, ++this.#number, io)
    } catch (error) {
      this.#tellFailure(error, io)
    }
  }

  /** One that a notice breaks off is followed by the last, and after a lost lease nothing may be stored. */
  #tellFailure(error: unknown, io: AttemptContext['io']): void {
    const { assignment, journal, lastIo, options } = this.#context
    const isBrokenOff = options.signal.aborted && (io !== lastIo || !mayWrite(options.signal))
    if (isBrokenOff) return
    const { batch, job, attempt } = assignment
    journal.complain(`The checkpoint could not be stored, and the one before stays: ${messageOf(error)}`)
    options.log?.warn({ batch, job, attempt, error: messageOf(error) }, 'a checkpoint could not be stored')
  }
}
