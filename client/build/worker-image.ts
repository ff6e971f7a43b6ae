import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './folders.ts'
import { bundleManifest } from './functions-source.ts'
import { lockOf, lockSchema } from './locked-packages.ts'
import { readManifest } from './package-manifest.ts'

/** What the agent is, and what it looks for beside itself. */
const programs = ['worker.js', 'launcher-program.js', 'call-runner.cjs', 'python-runner.py']
/** What lies beside the programs. */
const assets = ['Dockerfile', 'start-agent.sh', 'cloud-init.yaml']
export const contextFiles = ['package.json', 'package-lock.json', ...programs, ...assets]
const lockPath = join(folders.repository, 'package-lock.json')

/** The context of the agent's image: `docker build` of this folder makes it. */
export function writeWorkerImage(): void {
  if (programs.some((name) => !existsSync(join(folders.programs, name)))) return
  const modules = programs.filter((name) => name.endsWith('.js'))
  const bundle = modules.map((name) => readFileSync(join(folders.programs, name), 'utf8')).join('\n')
  const manifest = bundleManifest('graupel-worker', 'worker.js', bundle, readManifest().dependencies ?? {})
  const lock = lockOf(manifest, lockSchema.parse(JSON.parse(readFileSync(lockPath, 'utf8'))))
  mkdirSync(folders.workerImage, { recursive: true })
  for (const name of programs) copyFileSync(join(folders.programs, name), join(folders.workerImage, name))
  for (const name of assets)
    copyFileSync(join(folders.repository, 'worker-vm/image', name), join(folders.workerImage, name))
  writeFileSync(join(folders.workerImage, 'package.json'), asJson(manifest))
  writeFileSync(join(folders.workerImage, 'package-lock.json'), asJson(lock))
}

const asJson = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`
