import { type Checkpoint, objectPaths, type StoredFile } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import type { FoundFile, FoundOutput, Workspace } from '../sandbox/sandbox.ts'
import { inParallel } from '../staging/in-parallel.ts'
import { objectNameOf } from '../staging/object-name.ts'
import { checkpointFolder } from './checkpoint-folder.ts'
import { replaceCheckpoint } from './checkpoint-pointer.ts'

type FoundFolder = Extract<FoundOutput, { kind: 'folder' }>

/** Stores the checkpoint folder as it is now, and then makes it the one that the next attempt finds. */
export async function saveCheckpoint(
  context: AttemptContext,
  workspace: Workspace,
  number: number,
  io: AttemptContext['io'],
): Promise<void> {
  const found = await workspace.inspect(checkpointFolder)
  if (found === undefined || found.kind === 'file') return
  const { job, attempt } = context.assignment
  const next = { job, attempt, number }
  const files = await storeFiles(context, workspace, next, found, io)
  const content = { kind: 'folder' as const, files, emptyFolders: [...found.emptyFolders] }
  const outcome = await replaceCheckpoint(context, io, { ...next, content })
  const useless = outcome === 'superseded' ? files : (outcome.replaced?.content.files ?? [])
  await inParallel(useless, ({ uri }) => io(`Deleting ${uri}`, () => context.objects.delete(uri)))
}

/** Commands that still run may take a file away between two looks: it is left out. */
async function storeFiles(
  context: AttemptContext,
  workspace: Workspace,
  next: Omit<Checkpoint, 'content'>,
  found: FoundFolder,
  io: AttemptContext['io'],
): Promise<StoredFile[]> {
  const stored = await inParallel(found.files, async (file) => {
    const uri = objectPaths.checkpointFile(context.assignment.root, next, objectNameOf(file.path))
    try {
      const what = `Storing the checkpoint '${file.path}'`
      const info = await io(what, () =>
        workspace.stageOut(`${checkpointFolder}/${file.path}`, uri, { mayChange: true }),
      )
      return [describe(file, info)]
    } catch (error) {
      if (Object(error).code === 'ENOENT') return []
      throw error
    }
  })
  return stored.flat()
}

function describe({ path, isExecutable }: FoundFile, info: Omit<StoredFile, 'path' | 'isExecutable'>): StoredFile {
  const { uri, generation, sizeBytes, crc32c } = info
  const stored = { path, uri, generation, sizeBytes, crc32c }
  return isExecutable ? { ...stored, isExecutable } : stored
}
