import type { CRC32CValidator, Storage } from '@google-cloud/storage'
import { Crc32c } from './crc32c.ts'
import { isTransient } from './gcs-errors.ts'

export interface GcsClientOptions {
  /** Project of the client. Default: that of the credentials. No object operation needs one. */
  readonly project?: string | undefined
  /** For a server other than Google's. Default: `STORAGE_EMULATOR_HOST` if it is set, else Google's. */
  readonly apiEndpoint?: string | undefined
}

export interface GcsClients {
  /** Repeats every request that fails for a while: a write that took effect twice wrote the same bytes twice. */
  readonly repeating: Storage
  /** For reading bytes. When the library repeats a streamed request, it throws where nobody can catch. */
  readonly once: Storage
}

/** The real client library, loaded when first needed. */
export async function makeGcsClients(options: GcsClientOptions): Promise<GcsClients> {
  const { IdempotencyStrategy, Storage } = await import('@google-cloud/storage')
  const common = {
    ...(options.project === undefined ? {} : { projectId: options.project }),
    ...(options.apiEndpoint === undefined ? {} : { apiEndpoint: options.apiEndpoint }),
    crc32cGenerator: makeValidator,
  }
  const repeating = new Storage({
    ...common,
    retryOptions: {
      maxRetries: 6,
      maxRetryDelay: 20,
      retryableErrorFn: isTransient,
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
    },
  })
  return { repeating, once: new Storage({ ...common, retryOptions: { autoRetry: false } }) }
}

function makeValidator(): CRC32CValidator {
  const checksum = new Crc32c()
  return {
    update: (bytes) => void checksum.update(bytes),
    validate: (expected) => checksum.toBase64() === expected,
    toString: () => checksum.toBase64(),
  }
}
