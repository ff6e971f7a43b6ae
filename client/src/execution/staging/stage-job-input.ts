import { posix } from 'node:path'
import type { Input, StoredOutput } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { stagingFault } from '../attempt/retry-transient.ts'
import type { StagedObject, Workspace } from '../sandbox/sandbox.ts'
import { inParallel } from './in-parallel.ts'
import type { ParentFiles } from './parent-files.ts'

type JobInput = Extract<Input, { kind: 'job' }>

/** Puts an output of another job in place, exactly the generation that its manifest names. */
export async function stageJobInput(
  context: AttemptContext,
  parents: ParentFiles,
  input: JobInput,
  workspace: Workspace,
): Promise<void> {
  const left = await parents.of(input.job)
  const text = left?.values?.[input.path]
  if (text !== undefined) return workspace.placeText(text, input.path)
  const output = left?.outputs[input.path]
  if (output !== undefined) return stageStored(context, output, input, workspace)
  const isLeftByFailure = context.assignment.template.alwaysRun && left?.isCommitted !== true
  if (isLeftByFailure) return
  throw missing(input)
}

async function stageStored(
  context: AttemptContext,
  output: StoredOutput,
  input: JobInput,
  workspace: Workspace,
): Promise<void> {
  const folders = output.emptyFolders ?? []
  if (output.kind === 'folder') await workspace.makeFolder(input.path)
  for (const folder of folders) await workspace.makeFolder(posix.join(input.path, folder))
  await inParallel(output.files, (file) =>
    fetchObject(context, file, posix.join(input.path, file.path), workspace).catch(async (error) => {
      if (!(error instanceof ObjectNotFoundError)) throw error
      throw (await isThere(context, file.uri)) ? changed(input, file.uri, error) : missing(input, error)
    }),
  )
}

/** @throws ObjectNotFoundError as it is, any other lasting error as a staging fault */
export async function fetchObject(
  context: AttemptContext,
  object: StagedObject,
  path: string,
  workspace: Workspace,
): Promise<void> {
  const what = `Fetching ${object.uri}`
  try {
    await context.io(what, () => workspace.stageIn(object, path))
  } catch (error) {
    throw error instanceof ObjectNotFoundError ? error : stagingFault(what, error)
  }
}

/** Of another generation, then. Nobody knows if that cannot be told. */
const isThere = async ({ io, objects }: AttemptContext, uri: string): Promise<boolean> =>
  (await io(`Looking at ${uri}`, () => objects.stat(uri)).catch(() => undefined)) !== undefined

function changed({ path, job }: JobInput, uri: string, cause: unknown): AttemptFault {
  const message = `The input '${path}', made by job ${job}, was changed after that: ${uri} is not what the job stored.`
  return new AttemptFault('missingInput', message, { cause })
}

function missing(input: JobInput, cause?: unknown): AttemptFault {
  const message = `The input '${input.path}', made by job ${input.job}, is not there.`
  return new AttemptFault('missingInput', message, { cause })
}
