import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const moduleFolder = join(import.meta.dirname, '../../infra')

/** The files of the module, one after the other. */
export function readModuleText(): string {
  const files = readdirSync(moduleFolder).filter((name) => name.endsWith('.tf'))
  return files.map((name) => readFileSync(join(moduleFolder, name), 'utf8')).join('\n')
}

/** The types of resources and data sources that the module has. */
export function readModuleTypes(): { readonly resources: string[]; readonly dataSources: string[] } {
  const text = readModuleText()
  const typesOf = (kind: string) =>
    [...new Set([...text.matchAll(new RegExp(`^${kind} "(\\w+)"`, 'gm'))].map(([, type = '']) => type))].sort()
  return { resources: typesOf('resource'), dataSources: typesOf('data') }
}
