import { constants } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { CallsTask, CommandEnd } from '../sandbox/sandbox.ts'
import { type CallRequest, type CallsEnd, callsEndSchema } from './call-messages.ts'
import { runtimes } from './runtimes.ts'

export interface CallFolder {
  /** An absolute path on this machine, and the same folder as the runner sees it. */
  readonly host: string
  readonly inner: string
}

/** What the functions have. */
export interface CallRoom {
  /** `BATCH_TMPDIR`. */
  readonly root: string
  readonly memoryBytes: number
  readonly env: Readonly<Record<string, string>>
}

const maxEndBytes = 64 * 1024

/** Puts the runner and its request in place, for one attempt. Returns what starts it. */
export async function makeCallFolder(
  { host, inner }: CallFolder,
  task: CallsTask,
  { root, memoryBytes, env }: CallRoom,
): Promise<readonly [string, ...string[]]> {
  const { fileName, text, words, options } = runtimes[task.kind]
  const request: CallRequest = { root, calls: task.calls }
  await mkdir(host, { recursive: true })
  await writeFile(join(host, fileName), await text())
  await writeFile(join(host, 'request.json'), JSON.stringify(request))
  return words(join(inner, fileName), join(inner, 'request.json'), options(memoryBytes, env))
}

/** The end with what the runner says of it. @throws AttemptFault if the language itself is too old, with `where` it is */
export async function explainEnd(end: CommandEnd, host: string, task: CallsTask, where: string): Promise<CommandEnd> {
  if (end.kind !== 'exited' || end.exitCode === 0) return end
  const said = await readEnd(join(host, 'end.json'))
  if (said === undefined) return end
  if (said.kind === 'failed') return { ...end, message: said.message }
  const { needs } = runtimes[task.kind]
  const message = `The job's functions need ${needs.what}, but ${where} has ${said.version}; choose another image, for example ${needs.example}.`
  throw new AttemptFault('image', message)
}

/** Whatever the functions have put there must not make the agent read a file of this machine, or wait. */
async function readEnd(path: string): Promise<CallsEnd | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > maxEndBytes) return undefined
    return callsEndSchema.parse(JSON.parse(await file.readFile('utf8')))
  } catch {
    return undefined
  }
}
