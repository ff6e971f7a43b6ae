import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { z } from 'zod'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { StandInGoogle } from '../google/stand-in-google.ts'
import { type CommandResult, runGraupel } from '../run-graupel.ts'

const callSchema = z.object({
  command: z.string(),
  args: z.array(z.string()),
  hasKey: z.boolean(),
  foreign: z.array(z.string()),
})
const standIn = join(import.meta.dirname, '../terraform/stand-in-terraform.js')

/** A machine on which the service is deployed: its own folders, a stand-in for terraform in PATH, one for Google. */
export interface CommandBed {
  readonly google: StandInGoogle
  run(...args: string[]): Promise<CommandResult>
  /** Sets variables for all further runs. */
  set(env: Readonly<Record<string, string>>): void
  /** The calls of terraform so far. */
  terraformCalls(): Promise<readonly z.infer<typeof callSchema>[]>
  /** A file of the stand-in terraform: `fail-<command>`, `version.json`. */
  tell(name: string, text: string): Promise<void>
  readonly folder: () => string
  readonly config: () => string
}

export function useCommandBed(): CommandBed {
  const makeFolder = useTemporaryFolders()
  const bed = { folder: '', google: new StandInGoogle(), env: {} as Record<string, string> }
  beforeEach(async () => {
    bed.folder = await makeFolder()
    Object.assign(bed.google, new StandInGoogle())
    const url = await bed.google.start()
    const bin = join(bed.folder, 'bin')
    const functions = join(bed.folder, 'functions')
    await mkdir(bin)
    const worker = join(bed.folder, 'worker')
    await mkdir(functions)
    await writeFile(join(functions, 'functions.js'), 'export {}')
    await mkdir(worker)
    await writeFile(join(worker, 'Dockerfile'), 'FROM scratch\nCOPY worker.js /\n')
    await writeFile(join(worker, 'worker.js'), 'export {}')
    await writeFile(join(bin, 'terraform'), `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`)
    await chmod(join(bin, 'terraform'), 0o755)
    bed.env = {
      PATH: [bin, process.env.PATH].join(delimiter),
      XDG_CONFIG_HOME: join(bed.folder, 'config'),
      XDG_DATA_HOME: join(bed.folder, 'data'),
      STAND_IN_TERRAFORM: bed.folder,
      GRAUPEL_GOOGLE_API_URL: url,
      GRAUPEL_FUNCTIONS_SOURCE: functions,
      GRAUPEL_WORKER_SOURCE: worker,
    }
  })
  afterEach(() => bed.google.stop())
  return {
    google: bed.google,
    run: (...args) => runGraupel(args, bed.env),
    set: (env) => Object.assign(bed.env, env),
    tell: (name, text) => writeFile(join(bed.folder, name), text),
    folder: () => bed.folder,
    config: () => join(bed.folder, 'config', 'graupel', 'config.json'),
    async terraformCalls() {
      const text = await readFile(join(bed.folder, 'calls.jsonl'), 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => callSchema.parse(JSON.parse(line)))
    },
  }
}
