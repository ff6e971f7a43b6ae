import { posix } from 'node:path'
import type { StoredOutput } from '../../model/index.ts'
import { ObjectNotFoundError } from '../../storage/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
import { inParallel } from '../staging/in-parallel.ts'
import { fetchObject } from '../staging/stage-job-input.ts'
import { checkpointFolder } from './checkpoint-folder.ts'
import { findCheckpoint } from './checkpoint-pointer.ts'

/** An earlier attempt that does not know yet that it is over may replace what is being read so often. */
const tries = 5

/** Makes the checkpoint folder, with what the attempts before have left in it. The commands may change all of it. */
export async function restoreCheckpoint(context: AttemptContext, workspace: Workspace): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await workspace.clearFolder(checkpointFolder)
    const found = await findCheckpoint(context, context.io)
    if (found === undefined) return
    try {
      return await fetchContent(context, found.checkpoint.content, workspace)
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError) || attempt === tries) throw error
    }
  }
}

async function fetchContent(
  context: AttemptContext,
  { files, emptyFolders = [] }: StoredOutput,
  workspace: Workspace,
): Promise<void> {
  for (const folder of emptyFolders) await workspace.makeFolder(posix.join(checkpointFolder, folder))
  await inParallel(files, (file) =>
    fetchObject(context, { ...file, isWritable: true }, posix.join(checkpointFolder, file.path), workspace),
  )
}
