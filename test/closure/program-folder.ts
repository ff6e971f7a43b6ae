import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const repository = join(import.meta.dirname, '../..')

/** Where programs find what captures a call and runs it in a process of its own. */
export const elsewhere = join(import.meta.dirname, 'run-elsewhere.ts')

/** A program of its own in a folder of its own, with a package of this repository. */
export class ProgramFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'graupel-program-')))

  constructor() {
    mkdirSync(join(this.path, 'node_modules'))
    symlinkSync(join(repository, 'node_modules/zod'), join(this.path, 'node_modules/zod'))
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true })
      writeFileSync(join(this.path, name), text)
    }
  }

  /** What the program writes to standard output, as JSON. */
  run(name: string): unknown {
    return JSON.parse(execFileSync(process.execPath, [join(this.path, name)], { cwd: this.path, encoding: 'utf8' }))
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
