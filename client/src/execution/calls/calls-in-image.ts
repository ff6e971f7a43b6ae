import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { CallsTask, CommandEnd } from '../sandbox/sandbox.ts'
import { explainEnd } from './call-folder.ts'
import { runtimes } from './runtimes.ts'

/**
 * Runs the container of a job that calls functions.
 * @throws AttemptFault that names the image if it lacks what the functions need
 */
export async function runCallsInImage(
  run: () => Promise<CommandEnd>,
  task: CallsTask,
  image: string,
  folder: string,
): Promise<CommandEnd> {
  try {
    return await explainEnd(await run(), folder, task, `the image ${image}`)
  } catch (error) {
    if (!(error instanceof AttemptFault) || error.faultCause !== 'shell') throw error
    const { needs } = runtimes[task.kind]
    const message = `The job's functions need ${needs.what}, which the image ${image} does not have; choose another image, for example ${needs.example}.`
    throw new AttemptFault('image', message, { cause: error })
  }
}
