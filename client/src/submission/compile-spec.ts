import { createHash } from 'node:crypto'
import type { BatchSpec } from '../compile/batch-spec.ts'
import { type CompileOptions, compile } from '../compile/compile.ts'
import type { CompiledBatch } from '../compile/compiled-batch.ts'
import { CycleFound } from '../compile/cycle-found.ts'
import { EarlierEdgesTooLarge } from '../compile/earlier-edges-too-large.ts'
import { JobTooLarge } from '../compile/job-too-large.ts'
import { CyclicDependencyError } from '../errors/cyclic-dependency-error.ts'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Compiles, and says what is wrong in the words of the program's jobs.
 * @throws CyclicDependencyError, InvalidBatchError
 */
export function compileSpec(spec: BatchSpec, options: Omit<CompileOptions, 'hash'>): CompiledBatch {
  try {
    return compile(spec, { ...options, hash: sha256 })
  } catch (error) {
    throw translate(error, spec)
  }
}

function translate(error: unknown, spec: BatchSpec): unknown {
  if (error instanceof CycleFound) {
    const cycle = error.cycle.map((index) => ({ name: spec.jobs[index]?.name }))
    const names = [...cycle, ...cycle.slice(0, 1)].map(({ name }) => `'${name ?? '(unnamed)'}'`)
    const message = `Jobs depend on each other in a circle: ${names.join(' → ')}; remove one of these dependencies`
    return new CyclicDependencyError({ message, job: cycle[0]?.name, cycle, cause: error })
  }
  if (error instanceof JobTooLarge)
    return new InvalidBatchError({ message: error.message, job: spec.jobs[error.job]?.name, cause: error })
  if (error instanceof EarlierEdgesTooLarge) return new InvalidBatchError({ message: error.message, cause: error })
  return error
}
