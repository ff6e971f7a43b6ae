import { type Manifest, objectPaths, type StoredFile, type StoredOutput } from '../../model/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { stagingFault } from '../attempt/retry-transient.ts'
import type { FoundOutput, Workspace } from '../sandbox/sandbox.ts'
import type { FoundOutputs } from './find-outputs.ts'
import { inParallel } from './in-parallel.ts'
import { objectNameOf } from './object-name.ts'

/** Stores what was found below the attempt's own prefix, where nobody looks before a manifest points there. */
export async function storeOutputs(
  context: AttemptContext,
  outputs: FoundOutputs,
  workspace: Workspace,
): Promise<Manifest['outputs']> {
  const files = outputs.present.flatMap(({ output, found }) =>
    filesOf(found).map((file) => ({ ...file, output: output.path })),
  )
  const stored = await inParallel(files, async (file) => ({
    output: file.output,
    file: await storeFile(context, file, workspace),
  }))
  const byOutput = Map.groupBy(stored, ({ output }) => output)
  return Object.fromEntries(
    outputs.present.map(({ output, found }) => [
      output.path,
      describe(
        found,
        (byOutput.get(output.path) ?? []).map(({ file }) => file),
      ),
    ]),
  )
}

interface FileToStore {
  readonly output: string
  /** Below the output; empty for an output that is a file. */
  readonly path: string
  readonly isExecutable: boolean
}

async function storeFile(context: AttemptContext, file: FileToStore, workspace: Workspace): Promise<StoredFile> {
  const { root, job, attempt } = context.assignment
  const path = file.path === '' ? file.output : `${file.output}/${file.path}`
  const uri = objectPaths.output(root, job, attempt, objectNameOf(path))
  const what = `Storing the output '${path}'`
  try {
    const { generation, sizeBytes, crc32c } = await context.io(what, () => workspace.stageOut(path, uri))
    const stored = { path: file.path, uri, generation, sizeBytes, crc32c }
    return file.isExecutable ? { ...stored, isExecutable: true } : stored
  } catch (error) {
    throw stagingFault(what, error)
  }
}

const filesOf = (found: FoundOutput) =>
  found.kind === 'file' ? [{ path: '', isExecutable: found.isExecutable }] : found.files

function describe(found: FoundOutput, files: StoredFile[]): StoredOutput {
  if (found.kind === 'file' || found.emptyFolders.length === 0) return { kind: found.kind, files }
  return { kind: 'folder', files, emptyFolders: [...found.emptyFolders] }
}
