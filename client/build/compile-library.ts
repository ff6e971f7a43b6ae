import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { folders } from './folders.ts'

/** Every module of the library as JavaScript, with its declarations. What is wrong with it, a line each. */
export function compileLibrary(): string[] {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  const arguments_ = [
    join(typescript, 'bin/tsc'),
    '-p',
    join(folders.client, 'tsconfig.build.json'),
    '--pretty',
    'false',
  ]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status === 0) return []
  const lines = `${stdout}${stderr}`.trim().split('\n')
  return lines.length > 0 ? lines : [`tsc ended with exit code ${status}`]
}
