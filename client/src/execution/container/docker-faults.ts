import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'

const unreachableCodes: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT', 'EACCES', 'EPERM', 'ENOTFOUND'])

/** The registry's or the network's trouble, which another try may find gone. */
const registryTrouble = /timeout|timed out|connection re|toomanyrequests|no such host|tls|EOF|unavailable|5\d\d/i

const shellTrouble = /no such file or directory|executable file not found|permission denied|exec format error/i

/** Whether no Docker engine answers. */
export const isUnreachable = (error: unknown): boolean =>
  unreachableCodes.has(Object(error).code) && Object(error).statusCode === undefined

export function unreachableFault(image: string, error: unknown): AttemptFault {
  const message = `The job needs the image ${image}, but Docker cannot be reached (${messageOf(error)}). Start Docker and see that 'docker info' works for this user, or leave out the image to run the job as a process.`
  return new AttemptFault('image', message, { cause: error })
}

export function pullFault(image: string, error: unknown): AttemptFault {
  if (isUnreachable(error)) return unreachableFault(image, error)
  const message = messageOf(error)
  if (registryTrouble.test(message)) {
    return new AttemptFault('infrastructure', `The image ${image} could not be pulled: ${message}`, { cause: error })
  }
  const text = `The image ${image} does not exist or may not be pulled: ${message}. Check its name and tag, and this machine's access to the registry.`
  return new AttemptFault('image', text, { cause: error })
}

/** What is wrong when a container cannot be made or started. */
export function startFault(image: string, shell: string, error: unknown): AttemptFault {
  if (isUnreachable(error)) return unreachableFault(image, error)
  const message = messageOf(error)
  if (/exec/.test(message) && shellTrouble.test(message)) {
    const text = `The job's shell ${shell} cannot be run in the image ${image}; choose one that is there, for example /bin/sh.`
    return new AttemptFault('shell', text, { cause: error })
  }
  return new AttemptFault('image', `A container of the image ${image} cannot be started: ${message}`, { cause: error })
}
