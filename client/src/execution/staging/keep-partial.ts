import { type JobDetail, type Manifest, objectPaths } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
import { copyFailedOutputs, type Generations } from './destinations.ts'
import type { FoundOutputs } from './find-outputs.ts'
import { storeOutputs } from './store-outputs.ts'

/**
 * Stores what a failed attempt has made of the needed outputs, for children that always run, and copies it to its
 * destinations if the job wants that. Nothing that goes wrong here changes how the attempt ends.
 */
export async function keepPartial(
  context: AttemptContext,
  detail: JobDetail,
  outputs: FoundOutputs,
  workspace: Workspace,
  before: Generations,
): Promise<void> {
  if (!detail.outputs.some((output) => output.isNeeded)) return
  const { root, job, attempt, template } = context.assignment
  try {
    const partial: Manifest = { job, attempt, outputs: await storeOutputs(context, outputs, workspace) }
    const uri = objectPaths.partial(root, job, attempt)
    await context.io(`Writing ${uri}`, () => context.objects.write(uri, JSON.stringify(partial)))
    if (template.alwaysCopyOutput) await copyFailedOutputs(context, detail, partial.outputs, before)
  } catch {
    // The attempt has failed already, and its own fault is what the user must see.
  }
}
