import { chmod, mkdir } from 'node:fs/promises'
import type { LimitFunction } from 'p-limit'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { emptyFoldersOf, type StoredFile, type StoredOutput } from '../../model/index.ts'
import { filePathOf, type ObjectStore } from '../../storage/index.ts'
import { isFileError } from './file-error.ts'

/**
 * Writes one output to this machine, with the folders around it.
 * @throws InvalidBatchError naming the place, if it cannot be written
 */
export async function fetchOutput(
  objects: ObjectStore,
  output: StoredOutput,
  destination: string,
  limit: LimitFunction,
): Promise<void> {
  const folder = destination.replace(/\/+$/, '')
  const placeOf = ({ path }: StoredFile) => (path === '' ? destination : `${folder}/${path}`)
  for (const empty of emptyFoldersOf(output)) {
    const path = filePathOf(`${folder}/${empty}`.replace(/\/$/, ''))
    await named(path, () => mkdir(path, { recursive: true }))
  }
  await limit.map(output.files, (file) => fetchFile(objects, file, placeOf(file)))
}

function fetchFile(objects: ObjectStore, file: StoredFile, target: string): Promise<void> {
  const path = filePathOf(target)
  return named(path, async () => {
    await objects.copy(file.uri, target)
    if (file.isExecutable === true) await chmod(path, 0o755)
  })
}

async function named(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    if (!isFileError(cause)) throw cause
    const message = `An output cannot be written to ${JSON.stringify(path)}: ${cause.message}; the job has run, and what it made is in the batch's folder`
    throw new InvalidBatchError({ message, cause })
  }
}
