import type { EngineLog } from 'graupel/engine'
import { type DestinationStream, pino } from 'pino'
import type { FunctionsConfig } from './config.ts'

/** Cloud Logging's words for how bad a line is. */
const severities: Record<string, string> = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' }

/** Lines of JSON as Cloud Logging reads them. Default destination: standard output. */
export function makeLog(config: Pick<FunctionsConfig, 'logLevel'>, destination?: DestinationStream): EngineLog {
  const options = {
    level: config.logLevel,
    base: null,
    messageKey: 'message',
    formatters: { level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
