import { readdir, stat } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { cloudNameOf, type ObjectStore, problemOfObjectName } from '../../storage/index.ts'
import { isFileError } from './file-error.ts'
import type { Upload } from './place-inputs.ts'

const uploadsAtOnce = 16

/**
 * Brings local files and folders to where the jobs will find them.
 * @throws InvalidBatchError if a file cannot be read, is none, or has a name that Cloud Storage does not take
 */
export async function uploadInputs(objects: ObjectStore, uploads: readonly Upload[]): Promise<void> {
  const files = (await Promise.all(uploads.map(listFiles))).flat()
  for (const file of files) checkName(file)
  const limit = pLimit(uploadsAtOnce)
  await limit.map(files, (file) =>
    // Consoles mark an empty folder so, and the worker makes it again.
    file.uri.endsWith('/') ? objects.write(file.uri, '') : readable(file, () => objects.upload(file.path, file.uri)),
  )
}

/** The files that an upload consists of; a folder without any stands for itself, with a slash at its end. */
async function listFiles(upload: Upload): Promise<Upload[]> {
  const { path, uri, job } = upload
  const found = await readable(upload, () => stat(path))
  // The empty file that everybody has at hand is a device.
  if (found.isFile() || path === devNull) return [upload]
  // Reading a pipe would wait for a writer, and a device may have no end.
  if (!found.isDirectory()) throw refusal(upload, 'it is neither a file nor a folder', 'pass a file')
  const names = await readable(upload, () => readdir(path))
  if (names.length === 0) return [{ path, uri: `${uri}/`, job }]
  const parts = names.map((name) => listFiles({ path: join(path, name), uri: `${uri}/${name}`, job }))
  return (await Promise.all(parts)).flat()
}

function checkName(upload: Upload): void {
  const problem = problemOfObjectName(cloudNameOf(upload.uri).name)
  if (problem !== undefined) throw refusal(upload, problem, 'rename it')
}

async function readable<T>(upload: Upload, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isFileError(error)) throw error
    const advice = 'it must be there and readable, also where a link leads to'
    throw refusal(upload, `that fails: ${error.message}`, advice, error)
  }
}

function refusal({ path, job }: Upload, problem: string, advice: string, cause?: unknown): InvalidBatchError {
  const label = job === undefined ? 'A job' : `Job '${job}'`
  return new InvalidBatchError({
    message: `${label} reads ${JSON.stringify(path)}, but ${problem}; ${advice}`,
    job,
    cause,
  })
}
