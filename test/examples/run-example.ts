import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Every file below its output folder, by its path there. */
  readonly files: Readonly<Record<string, string>>
}

/** Runs an example as a reader would, with its output in `output`. @param more options of its own */
export async function runExample(
  name: string,
  backend: 'local' | 'service',
  output: string,
  env: Readonly<Record<string, string | undefined>>,
  more: readonly string[] = [],
): Promise<Ran> {
  const args = [`examples/${name}.ts`, '--backend', backend, '--output', output, ...more]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text
    })
  const [exitCode] = await once(child, 'close')
  return { exitCode, ...printed, files: await readFiles(output) }
}

async function readFiles(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[relative(folder, path)] = await readFile(path, 'utf8')
  }
  return files
}
