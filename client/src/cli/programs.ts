import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The service's programs that the command starts as processes of their own. */
export type ProgramName = 'emulator' | 'worker'

/** Seen from this file: in the repository, where everything runs from its source, and in the published package. */
const places: Record<ProgramName, { readonly repository: string; readonly published: string }> = {
  emulator: { repository: '../../../functions/src/emulator/main.ts', published: '../programs/emulator.js' },
  worker: { repository: '../../../worker-vm/src/main.ts', published: '../programs/worker.js' },
}

/**
 * The file of a program, to be started with `node`.
 * @param from where the asking module lies; a test's business
 * @throws Error if the program is not there
 */
export function programPath(name: ProgramName, from: string = import.meta.url): string {
  const isRepository = from.endsWith('.ts')
  const path = fileURLToPath(new URL(isRepository ? places[name].repository : places[name].published, from))
  if (existsSync(path)) return path
  const remedy = isRepository ? 'the repository is not complete, check it out again' : 'install graupel again'
  throw new Error(`the program '${name}' is not at ${path}: ${remedy}`)
}
