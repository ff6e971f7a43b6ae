import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { CallsTask, CommandEnd } from '../sandbox/sandbox.ts'
import { explainEnd } from './call-folder.ts'
import { runtimes } from './runtimes.ts'

/**
 * Runs the process of a job that calls functions and has no image.
 * @throws AttemptFault that says so if this machine lacks what the functions need
 */
export async function runCallsHere(
  run: () => Promise<CommandEnd>,
  task: CallsTask,
  folder: string,
): Promise<CommandEnd> {
  try {
    return await explainEnd(await run(), folder, task, 'this machine')
  } catch (error) {
    if (!(error instanceof AttemptFault) || error.faultCause !== 'shell') throw error
    const { needs } = runtimes[task.kind]
    const message = `The job's functions need ${needs.what}, which the machine does not have; install it there, or give the job an image, for example ${needs.example}.`
    throw new AttemptFault('image', message, { cause: error })
  }
}
