import { posix } from 'node:path'
import type { Input } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import { filePathOf, schemeOf } from '../../storage/object-uri.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { stagingFault } from '../attempt/retry-transient.ts'
import type { StagedObject, Workspace } from '../sandbox/sandbox.ts'
import { inParallel } from './in-parallel.ts'
import { fetchObject } from './stage-job-input.ts'

/** Others may replace an object so often while it is fetched. */
const tries = 5

type ObjectInput = Extract<Input, { kind: 'object' }>

/** Puts a file or folder from outside the batch in place. */
export async function stageObjectInput(
  context: AttemptContext,
  input: ObjectInput,
  workspace: Workspace,
): Promise<void> {
  if (schemeOf(input.uri) === 'file') return stageLocalInput(context, input, workspace)
  if (!input.uri.endsWith('/') && (await stageFile(context, input, workspace))) return
  await stageFolder(context, input, workspace)
}

async function stageLocalInput(context: AttemptContext, input: ObjectInput, workspace: Workspace): Promise<void> {
  const what = `Reading ${input.uri}`
  const path = filePathOf(input.uri)
  const staged = await context
    .io(what, () => workspace.stageLocal(path, input.path))
    .catch((error) => {
      throw stagingFault(what, error)
    })
  if (staged === 'missing') throw missing(path)
}

/**
 * Looked at first, for its right to be run, which a download does not tell. What others replace in between is looked at
 * again.
 */
async function stageFile(context: AttemptContext, { uri, path }: ObjectInput, workspace: Workspace): Promise<boolean> {
  const what = `Looking at ${uri}`
  for (let attempt = 1; ; attempt++) {
    const found = await context
      .io(what, () => context.objects.stat(uri))
      .catch((error) => {
        throw stagingFault(what, error)
      })
    if (found === undefined) return false
    try {
      await fetchObject(context, found, path, workspace)
      return true
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError)) throw error
      if (attempt === tries) throw missing(uri, error)
    }
  }
}

async function stageFolder(context: AttemptContext, input: ObjectInput, workspace: Workspace): Promise<void> {
  const prefix = input.uri.endsWith('/') ? input.uri : `${input.uri}/`
  const what = `Listing ${prefix}`
  const found = await context
    .io(what, () => Array.fromAsync(context.objects.list(prefix)))
    .catch((error) => {
      throw stagingFault(what, error)
    })
  if (found.length === 0) throw missing(input.uri)
  await workspace.makeFolder(input.path)
  await inParallel(found, (object) =>
    stageMember(context, object, object.uri.slice(prefix.length), input.path, workspace),
  )
}

/** Consoles mark an empty folder by an object whose name ends in a slash. */
async function stageMember(
  context: AttemptContext,
  object: StagedObject,
  name: string,
  folder: string,
  workspace: Workspace,
): Promise<void> {
  const path = posix.join(folder, name)
  if (name === '' || name.endsWith('/')) return workspace.makeFolder(path)
  await fetchObject(context, object, path, workspace).catch((error) => {
    throw error instanceof ObjectNotFoundError ? missing(object.uri, error) : error
  })
}

function missing(place: string, cause?: unknown): AttemptFault {
  return new AttemptFault('missingInput', `The input ${place} does not exist.`, { cause })
}
