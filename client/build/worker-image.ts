import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'
import { bundleManifest } from './functions-source.ts'
import { readManifest } from './package-manifest.ts'

/** What lies beside the programs. */
const assets = ['Dockerfile', 'start-agent.sh', 'cloud-init.yaml']
export const contextFiles = ['package.json', 'worker.js', 'launcher-program.js', ...assets]
const programs = ['worker.js', 'launcher-program.js']

/** The context of the agent's image: `docker build` of this folder makes it. */
export function writeWorkerImage(): void {
  if (programs.some((name) => !existsSync(join(folders.programs, name)))) return
  const bundle = programs.map((name) => readFileSync(join(folders.programs, name), 'utf8')).join('\n')
  const manifest = bundleManifest('graupel-worker', 'worker.js', bundle, readManifest().dependencies ?? {})
  mkdirSync(folders.workerImage, { recursive: true })
  for (const name of programs) copyFileSync(join(folders.programs, name), join(folders.workerImage, name))
  for (const name of assets)
    copyFileSync(join(folders.repository, 'worker-vm/image', name), join(folders.workerImage, name))
  writeFileSync(join(folders.workerImage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
}
