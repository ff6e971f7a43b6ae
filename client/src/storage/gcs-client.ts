import type { CRC32CValidator, Storage } from '@google-cloud/storage'
import { Crc32c } from './crc32c.ts'
import { isTransient } from './gcs-errors.ts'

export interface GcsClientOptions {
  /** Project of the client. Default: that of the credentials. No object operation needs one. */
  readonly project?: string | undefined
  /** For a server other than Google's. Default: `STORAGE_EMULATOR_HOST` if it is set, else Google's. */
  readonly apiEndpoint?: string | undefined
}

/**
 * The real client library, loaded when first needed. Every request may be sent again: a write that took effect twice
 * wrote the same bytes twice, before its caller knew of either.
 */
export async function makeGcsClient(options: GcsClientOptions): Promise<Storage> {
  const { IdempotencyStrategy, Storage } = await import('@google-cloud/storage')
  return new Storage({
    ...(options.project === undefined ? {} : { projectId: options.project }),
    ...(options.apiEndpoint === undefined ? {} : { apiEndpoint: options.apiEndpoint }),
    crc32cGenerator: makeValidator,
    retryOptions: {
      autoRetry: true,
      maxRetries: 6,
      maxRetryDelay: 20,
      retryableErrorFn: isTransient,
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
    },
  })
}

function makeValidator(): CRC32CValidator {
  const checksum = new Crc32c()
  return {
    update: (bytes) => void checksum.update(bytes),
    validate: (expected) => checksum.toBase64() === expected,
    toString: () => checksum.toBase64(),
  }
}
