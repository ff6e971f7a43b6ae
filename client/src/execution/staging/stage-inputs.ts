import { type Input, type JobDetail, objectPaths } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
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
  switch (input.kind) {
    case 'job':
      return stageJobInput(context, parents, input, workspace)
    case 'object':
      return stageObjectInput(context, input, workspace)
    case 'text':
      return fetchObject(context, { uri: objectPaths.text(context.assignment.root, input.name) }, input.path, workspace)
    default:
      return input satisfies never
  }
}
