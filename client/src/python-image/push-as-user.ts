import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ServiceError } from '../errors/service-error.ts'

/**
 * Sends an image to its registry by Docker's own program: only that knows where the user has logged in.
 *
 * @throws ServiceError
 */
export async function pushAsUser(name: string, print: (text: string) => void): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)('docker', ['push', name])
    print(stdout)
  } catch (error) {
    throw new ServiceError({ message: `The image '${name}' has been built, but ${describe(error)}`, cause: error })
  }
}

function describe(error: unknown): string {
  const { code, stderr } = Object(error)
  if (code === 'ENOENT') return `the program docker, which pushes it, is not installed.`
  return `cannot be pushed: ${String(stderr ?? error).trim()}. Log in to its registry with 'docker login', or leave out the '/' to keep the image on this machine.`
}
