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

async function stageFile(context: AttemptContext, input: ObjectInput, workspace: Workspace): Promise<boolean> {
  try {
    await fetchObject(context, { uri: input.uri }, input.path, workspace)
    return true
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return false
    throw error
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
  await fetchObject(context, { uri: object.uri, generation: object.generation }, path, workspace).catch((error) => {
    throw error instanceof ObjectNotFoundError ? missing(object.uri, error) : error
  })
}

function missing(place: string, cause?: unknown): AttemptFault {
  return new AttemptFault('missingInput', `The input ${place} does not exist.`, { cause })
}
