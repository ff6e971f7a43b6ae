import { BatchError } from '../../errors/batch-error.ts'
import { ServiceError } from '../../errors/service-error.ts'

/** gRPC status codes with a meaning for the user, and the HTTP status that stands for each. */
const meanings = new Map<number, { readonly status: number; readonly advice: string }>([
  [5, { status: 404, advice: 'check the project, the database and that graupel is deployed there' }],
  [7, { status: 403, advice: 'ask for access to the project, or log in with an account that has it' }],
  [8, { status: 429, advice: 'the quota is used up; try again later, or raise it' }],
  [14, { status: 503, advice: 'the service cannot be reached; check the network' }],
  [16, { status: 401, advice: 'log in: gcloud auth application-default login' }],
])

/** An error of a Google client in graupel's words; anything else as it is. */
export function toServiceError(error: unknown): Error {
  if (error instanceof BatchError) return error
  const plain = error instanceof Error ? error : new Error(String(error))
  const isNoLogin = /default credentials/i.test(plain.message)
  const code = isNoLogin ? 16 : 'code' in plain && typeof plain.code === 'number' ? plain.code : undefined
  const meaning = code === undefined ? undefined : meanings.get(code)
  if (meaning === undefined) return plain
  const message = `The service refused: ${plain.message}; ${meaning.advice}`
  return new ServiceError({ message, status: meaning.status, cause: error })
}
