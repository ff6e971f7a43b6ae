import { ConflictError } from '../engine/ports.ts'

/** gRPC's numbers for answers that say: nothing was written. */
const refusals = new Set([5 /* not found */, 6 /* already exists */, 9 /* failed precondition */, 10 /* aborted */])

/**
 * Passes a commit's result on; a refusal becomes a ConflictError. Firestore does not say which document it was about.
 * The client repeats a commit whose answer was lost, and then a refusal may be about its own first try: the caller
 * reloads in either case.
 */
export async function asConflict<T>(commit: Promise<T>, path: string): Promise<T> {
  try {
    return await commit
  } catch (error) {
    if (isRefusal(error)) throw new ConflictError(path, { cause: error })
    throw error
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && refusals.has(error.code)
