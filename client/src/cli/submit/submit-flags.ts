import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'

/** What `graupel submit` is given, as commander hands it over. */
export interface SubmitFlags {
  readonly name?: string
  readonly image?: string
  readonly cpu?: string
  readonly memory?: string
  readonly storage?: string
  readonly machineType?: string
  readonly spot: boolean
  readonly region: readonly string[]
  readonly timeout?: string
  readonly retry?: number
  readonly env: readonly string[]
  readonly attribute: readonly string[]
  readonly file: readonly string[]
  readonly output: readonly string[]
  readonly cloudfuse: readonly string[]
  readonly workdir?: string
  readonly shell?: string
  readonly token?: string
  readonly project?: string
  readonly remoteTmpdir?: string
  readonly requesterPaysProject?: string
  readonly wait: boolean
  readonly open: boolean
  readonly quiet: boolean
  readonly json?: boolean
}

/** A file that the command finds in its working directory. */
export interface GivenFile {
  readonly path: string
  readonly name: string
}

/** A file that the command makes there, and where it goes. */
export interface MadeFile {
  readonly name: string
  readonly destination: string
}

/** `NAME=value`, any number of times. */
export function parsePairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const end = text.indexOf('=')
      if (end > 0) return [text.slice(0, end), text.slice(end + 1)] as const
      throw new InvalidBatchError({ message: `--${option} '${text}' is no pair: write --${option} name=value` })
    }),
  )
}

/** `path` or `path:name`. A colon before a slash, as in `gs://`, divides nothing. */
export function parseFile(text: string): GivenFile {
  const [, path = text, given] = /^(.+):([^:/]+)$/.exec(text) ?? []
  const name = given ?? path.split('/').at(-1) ?? ''
  return { path, name: plainName('file', text, name) }
}

/** `name:destination`. */
export function parseOutput(text: string): MadeFile {
  const end = text.indexOf(':')
  const destination = text.slice(end + 1)
  if (end > 0 && destination !== '') return { name: plainName('output', text, text.slice(0, end)), destination }
  throw new InvalidBatchError({
    message: `--output '${text}' does not say where it goes: write --output name:gs://bucket/path, or a path of this machine`,
  })
}

/** `bucket:path` or `bucket:path:ro`. */
export function parseCloudfuse(text: string): { bucket: string; mountPoint: string; readOnly: boolean } {
  const [bucket = '', mountPoint = '', mode, ...more] = text.split(':')
  if (bucket !== '' && mountPoint !== '' && more.length === 0 && (mode === undefined || mode === 'ro'))
    return { bucket, mountPoint, readOnly: mode === 'ro' }
  throw new InvalidBatchError({ message: `--cloudfuse '${text}' is no mount: write bucket:/path, or bucket:/path:ro` })
}

/** @throws InvalidBatchError if the program would end before it could write an output to this machine */
export function checkOutputsAwaited(outputs: readonly MadeFile[], isAwaited: boolean): void {
  const early = isAwaited ? undefined : outputs.find(({ destination }) => !destination.startsWith('gs://'))
  if (early === undefined) return
  throw new InvalidBatchError({
    message: `--output ${early.name}:${early.destination} is written by the program that waits: add --wait, or write it to gs://`,
  })
}

function plainName(option: string, text: string, name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('/')) return name
  throw new InvalidBatchError({
    message: `--${option} '${text}' has no file name '${name}': write one name without slashes, such as --file a/b.txt:b.txt`,
  })
}
