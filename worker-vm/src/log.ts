import type { WorkerLog } from 'graupel/execution'
import { pino } from 'pino'
import type { WorkerConfig } from './config.ts'

/** One line of JSON per message, in the words of Cloud Logging. */
export function makeLog({ logLevel, name }: WorkerConfig): WorkerLog & { info(fields: object, message: string): void } {
  const logger = pino({
    level: logLevel,
    base: { worker: name },
    messageKey: 'message',
    serializers: { error: pino.stdSerializers.err },
    formatters: { level: (label) => ({ severity: label === 'warn' ? 'WARNING' : label.toUpperCase() }) },
  })
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
  }
}
