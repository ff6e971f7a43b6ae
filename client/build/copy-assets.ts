import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'

/** What `deploy` needs besides programs. */
const assets = [
  { from: 'infra', to: 'infra' },
  { from: 'worker-vm/image', to: 'worker-image' },
] as const

const isSource = (path: string): boolean => path.endsWith('.ts')
/** What Terraform leaves in a folder that it has been run in: state may hold secrets. */
const isLeftOver = (path: string): boolean =>
  /(?:^|[\\/])(?:\.terraform|[^\\/]*\.tfstate[^\\/]*|[^\\/]*\.tfvars)$/.test(path)

/** Files that are no modules: those beside the library's sources, and whole folders. What is missing, a line each. */
export function copyAssets(): string[] {
  for (const name of readdirSync(folders.source, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name)
    if (name.isFile() && !isSource(path)) cpSync(path, path.replace(folders.source, folders.dist))
  }
  return assets.flatMap(({ from, to }) => {
    const source = join(folders.repository, from)
    if (!existsSync(source) || readdirSync(source).length === 0) return [`${from} is not there or empty`]
    cpSync(source, join(folders.dist, to), { recursive: true, filter: (path) => !isLeftOver(path) })
    return []
  })
}
