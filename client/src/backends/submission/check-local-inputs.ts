import { access, constants } from 'node:fs/promises'
import pLimit from 'p-limit'
import type { BatchSpec } from '../../compile/batch-spec.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { filePathOf } from '../../storage/object-uri.ts'

const looksAtOnce = 32

/**
 * Every local input must be there, and readable, before anything runs.
 * @throws InvalidBatchError naming the first that is not, and the job that reads it
 */
export async function checkLocalInputs(spec: BatchSpec): Promise<void> {
  const limit = pLimit(looksAtOnce)
  await limit.map(localInputs(spec), async ([path, job]) => {
    const problem = await access(path, constants.R_OK).then(() => undefined, describe)
    if (problem === undefined) return
    const label = job === undefined ? 'A job' : `Job '${job}'`
    throw new InvalidBatchError({ message: `${label} reads '${path}', ${problem}`, job })
  })
}

/** Each path once, with the name of the first job that reads it. */
export function localInputs(spec: BatchSpec): Map<string, string | undefined> {
  const paths = new Map<string, string | undefined>()
  for (const { name, detail } of spec.jobs)
    for (const input of detail.inputs) {
      if (input.kind !== 'object' || !input.uri.startsWith('file:')) continue
      const path = filePathOf(input.uri)
      if (!paths.has(path)) paths.set(path, name)
    }
  return paths
}

function describe(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'which does not exist; check the path, relative ones start at the current directory'
    case 'EACCES':
    case 'EPERM':
      return 'which may not be read; change its permissions'
    default:
      return `which cannot be read: ${error.message}`
  }
}
