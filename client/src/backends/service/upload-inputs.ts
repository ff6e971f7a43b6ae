import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { cloudNameOf, type ObjectStore, problemOfObjectName } from '../../storage/index.ts'
import type { Upload } from './place-inputs.ts'

const uploadsAtOnce = 16

/**
 * Brings local files and folders to where the jobs will find them.
 * @throws InvalidBatchError if a file has a name that Cloud Storage does not take
 */
export async function uploadInputs(objects: ObjectStore, uploads: readonly Upload[]): Promise<void> {
  const files = (await Promise.all(uploads.map(listFiles))).flat()
  for (const file of files) checkName(file)
  const limit = pLimit(uploadsAtOnce)
  await limit.map(files, ({ path, uri }) =>
    // Consoles mark an empty folder so, and the worker makes it again.
    uri.endsWith('/') ? objects.write(uri, '') : objects.upload(path, uri),
  )
}

/** The files that an upload consists of; a folder without any stands for itself, with a slash at its end. */
async function listFiles(upload: Upload): Promise<Upload[]> {
  const { path, uri, job } = upload
  if (!(await stat(path)).isDirectory()) return [upload]
  const names = await readdir(path)
  if (names.length === 0) return [{ path, uri: `${uri}/`, job }]
  const parts = names.map((name) => listFiles({ path: join(path, name), uri: `${uri}/${name}`, job }))
  return (await Promise.all(parts)).flat()
}

function checkName({ path, uri, job }: Upload): void {
  const problem = problemOfObjectName(cloudNameOf(uri).name)
  if (problem === undefined) return
  const label = job === undefined ? 'A job' : `Job '${job}'`
  throw new InvalidBatchError({ message: `${label} reads ${JSON.stringify(path)}, but ${problem}; rename it`, job })
}
