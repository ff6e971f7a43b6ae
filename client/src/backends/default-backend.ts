import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { Backend } from './backend.ts'
import { LocalBackend } from './local/local-backend.ts'

let backend: Promise<Backend> | undefined

/**
 * The backend of batches that are given none: as `GRAUPEL_BACKEND` (`local` or `service`) says, else this machine. Made
 * when first needed, one per process; it holds nothing that keeps the process from ending.
 *
 * @throws InvalidBatchError if `GRAUPEL_BACKEND` names none
 */
export function defaultBackend(): Promise<Backend> {
  backend ??= makeBackend(process.env.GRAUPEL_BACKEND).catch((error) => {
    backend = undefined
    throw error
  })
  return backend
}

async function makeBackend(name: string | undefined): Promise<Backend> {
  switch (name) {
    case undefined:
    case '':
    case 'local':
      return new LocalBackend()
    case 'service': {
      const { ServiceBackend } = await import('./service/service-backend.ts')
      return new ServiceBackend()
    }
    default:
      throw new InvalidBatchError({
        message: `GRAUPEL_BACKEND is '${name}', which is no backend; write local or service, or pass a backend to Batch`,
      })
  }
}
