import { access, constants } from 'node:fs/promises'
import type { BatchSpec } from '../compile/batch-spec.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

const filesAtOnce = 32

/** Local inputs, and the first job that reads each. */
function localInputs(spec: BatchSpec): Map<string, string | undefined> {
  const readers = new Map<string, string | undefined>()
  for (const { name, detail } of spec.jobs) {
    for (const input of detail.inputs) {
      const isLocal = input.kind === 'object' && input.uri.startsWith('file://')
      if (isLocal && !readers.has(input.uri)) readers.set(input.uri, name)
    }
  }
  return readers
}

async function problemOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK)
    return undefined
  } catch (error) {
    const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES'
    return isForbidden ? 'may not be read; change its permissions' : 'is not there; check its name'
  }
}

/**
 * Looks whether the local inputs are there, before anything runs or is sent.
 *
 * @throws InvalidBatchError if one is missing or may not be read
 */
export async function checkInputs(spec: BatchSpec): Promise<void> {
  const waiting = [...localInputs(spec)].values()
  const check = async () => {
    for (const [uri, job] of waiting) {
      const path = uri.slice('file://'.length)
      const problem = await problemOf(path)
      if (problem === undefined) continue
      const reader = job === undefined ? 'a job' : `job '${job}'`
      throw new InvalidBatchError({ message: `The input ${path} of ${reader} ${problem}.`, job })
    }
  }
  await Promise.all(Array.from({ length: filesAtOnce }, check))
}
