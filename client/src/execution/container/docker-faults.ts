import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'

const unreachableCodes: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT', 'EACCES', 'EPERM', 'ENOTFOUND'])

const shellTrouble = /no such file or directory|executable file not found|permission denied|exec format error/i

/** Whether no Docker engine answers. */
export const isUnreachable = (error: unknown): boolean =>
  unreachableCodes.has(Object(error).code) && Object(error).statusCode === undefined

/** The engine has answered before, or belongs to this machine: it is not the job that asks for what is not there. */
export function lostEngineFault(image: string, error: unknown): AttemptFault {
  const message = `The Docker engine, asked for the image ${image}, does not answer any more: ${messageOf(error)}`
  return new AttemptFault('infrastructure', message, { cause: error })
}

export function unreachableFault(image: string, error: unknown): AttemptFault {
  const message = `The job needs the image ${image}, but Docker cannot be reached (${messageOf(error)}). Start Docker and see that 'docker info' works for this user, or leave out the image to run the job as a process.`
  return new AttemptFault('image', message, { cause: error })
}

/**
 * What registries and Docker say, in the order in which it is looked at. What is not listed is taken for trouble of the
 * registry or the network, which another try may find gone.
 */
const pullTroubles: readonly (readonly [RegExp, (image: string) => string])[] = [
  [
    /no matching manifest|does not match the (specified|detected) platform|platform .* not (found|supported)/i,
    (image) => `The image ${image} is not made for this machine's platform; build it for this one too.`,
  ],
  [/invalid reference format|invalid tag format/i, (image) => `'${image}' is not the name of an image; check it.`],
  [
    /unauthorized|authentication required|no basic auth credentials|incorrect username or password/i,
    (image) =>
      `The registry of the image ${image} wants credentials, and those of this worker do not suffice; log in ('docker login'), or let the worker's service account read it.`,
  ],
  [
    /pull access denied|repository does not exist/i,
    (image) =>
      `The image ${image} does not exist, or may not be pulled without credentials; check its name and tag, or log in to its registry.`,
  ],
  [
    /denied|forbidden/i,
    (image) => `The image ${image} may not be pulled by this worker; let its service account or user read it.`,
  ],
  [
    /manifest unknown|manifest for .* not found|name unknown|not found/i,
    (image) => `The image ${image} does not exist in its registry; check its name and tag.`,
  ],
]

const passing =
  /timeout|timed out|connection re|toomanyrequests|too many requests|no such host|status: 5\d\d|status code 5\d\d/i

export function misnamedFault(image: string): AttemptFault {
  return new AttemptFault('image', `'${image}' is not the name of an image; check it.`)
}

/** Names that no server knows are mistyped, more often than not, if they are still unknown after some tries. */
export function unknownHostFault(image: string, error: unknown): AttemptFault | undefined {
  if (!/no such host/i.test(messageOf(error).replaceAll(image, 'IMAGE'))) return undefined
  const message = `The registry of the image ${image} is not found; check its name. (${messageOf(error)})`
  return new AttemptFault('image', message, { cause: error })
}

/** What is wrong when an image cannot be pulled, by which name ever; cause `infrastructure` if it may be there at the next try. */
export function pullFault(image: string, error: unknown, pulledAs = image): AttemptFault {
  if (isUnreachable(error)) return lostEngineFault(image, error)
  // The name itself may contain any of the words that are looked for.
  const said = messageOf(error)
  const words = said.replaceAll(pulledAs, 'IMAGE').replaceAll(image, 'IMAGE')
  const [, sentence] = (passing.test(words) ? undefined : pullTroubles.find(([pattern]) => pattern.test(words))) ?? []
  if (sentence !== undefined) return new AttemptFault('image', `${sentence(image)} (${said})`, { cause: error })
  return new AttemptFault('infrastructure', `The image ${image} could not be pulled: ${said}`, { cause: error })
}

export function platformFault(image: string, platform: string, machine: string): AttemptFault {
  const message = `The image ${image} is made for ${platform}, and this machine is ${machine}; build it for ${machine} too.`
  return new AttemptFault('image', message)
}

/** What the machine lacks, whatever image it is. */
const machineTrouble =
  /no space left|cannot allocate memory|temporarily unavailable|deadline exceeded|too many open files|resource busy|connection re|socket hang up|input\/output error|read-only file system|fork\/exec|retrieve OCI runtime error|device driver/i

/** What an image asks for and cannot get: a user, a folder or a program that it does not have. */
const imageTrouble = /no such image|OCI runtime|unable to find (user|group)|no matching entries/i

/** What is wrong when a container cannot be made or started; `infrastructure` if another machine may be able to. */
export function startFault(image: string, shell: string, error: unknown): AttemptFault {
  if (isUnreachable(error)) return lostEngineFault(image, error)
  // The names themselves may contain any of the words that are looked for.
  const said = messageOf(error)
  const words = said.replaceAll(image, 'IMAGE').replaceAll(shell, 'SHELL')
  const isOfMachine = machineTrouble.test(words)
  if (!isOfMachine && /exec/.test(words) && shellTrouble.test(words)) {
    const text = `The job's shell ${shell} cannot be run in the image ${image}; choose one that is there, for example /bin/sh.`
    return new AttemptFault('shell', text, { cause: error })
  }
  const isOfImage = !isOfMachine && (Object(error).statusCode === 400 || imageTrouble.test(words))
  const message = `A container of the image ${image} cannot be started: ${said}`
  return new AttemptFault(isOfImage ? 'image' : 'infrastructure', message, { cause: error })
}
