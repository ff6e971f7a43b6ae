import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ConfigurationFile } from '../../backends/service/service-configuration.ts'

/** Replaces the file as a whole: a program that reads meanwhile sees the old one or the new one. */
export function writeConfigurationFile(path: string, configuration: ConfigurationFile): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(configuration, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}
