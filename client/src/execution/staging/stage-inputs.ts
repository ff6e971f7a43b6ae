import { type Input, type JobDetail, objectPaths } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { StagedObject, Workspace } from '../sandbox/sandbox.ts'
import { inParallel } from './in-parallel.ts'
import { ParentFiles } from './parent-files.ts'
import { fetchObject, stageJobInput } from './stage-job-input.ts'
import { stageObjectInput } from './stage-object-input.ts'

/** Puts the job's own folder, its inputs and its links in place. */
export async function stageInputs(context: AttemptContext, detail: JobDetail, workspace: Workspace): Promise<void> {
  await workspace.makeFolder(detail.directory)
  const parents = new ParentFiles(context)
  await inParallel(detail.inputs, (input) => stageInput(context, parents, input, workspace))
  for (const link of detail.links) await workspace.link(link)
}

function stageInput(context: AttemptContext, parents: ParentFiles, input: Input, workspace: Workspace): Promise<void> {
  const { root } = context.assignment
  switch (input.kind) {
    case 'job':
      return stageJobInput(context, parents, input, workspace)
    case 'object':
      return stageObjectInput(context, input, workspace)
    case 'text':
      return fetchOwn(
        context,
        { uri: objectPaths.text(root, input.name), isCode: isCode(input) },
        input.path,
        workspace,
      )
    case 'value':
      return fetchOwn(context, { uri: objectPaths.value(root, input.job, input.name) }, input.path, workspace)
    default:
      return input satisfies never
  }
}

/** A module with functions, which no command of a user's names. */
const isCode = ({ name }: { readonly name: string }): boolean => name.endsWith('.mjs')

/** What the batch keeps for its jobs under a fixed name. */
async function fetchOwn(
  context: AttemptContext,
  object: StagedObject,
  path: string,
  workspace: Workspace,
): Promise<void> {
  try {
    await fetchObject(context, object, path, workspace)
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error
    throw new AttemptFault('missingInput', `The input ${object.uri} is not there.`, { cause: error })
  }
}
