import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DeployAssets } from './deploy-assets.ts'
import type { Choices } from './deployment.ts'

/** Where Terraform keeps what it has made. */
export type StatePlace = { readonly kind: 'bucket'; readonly bucket: string } | { readonly kind: 'folder' }

const isModuleFile = (name: string): boolean => name.endsWith('.tf') || name.endsWith('.tf.json')
const isCopied = (path: string): boolean =>
  !['tests', 'terraform.tfvars', 'README.md'].includes(basename(path)) && !basename(path).startsWith('.terraform')

/** Makes the folder that Terraform works in: this version's module and functions, what was chosen, and where state is. */
export function writeWorkingCopy(
  folder: string,
  { assets, choices, state }: { assets: DeployAssets; choices: Choices; state: StatePlace },
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Files of an older version would still be read.
  for (const name of readdirSync(folder).filter(isModuleFile)) rmSync(join(folder, name))
  cpSync(assets.module, folder, { recursive: true, filter: isCopied })
  rmSync(join(folder, 'functions'), { recursive: true, force: true })
  cpSync(assets.functions, join(folder, 'functions'), { recursive: true })
  cpSync(assets.cloudInit, join(folder, cloudInitFile))
  writeJson(join(folder, 'backend.tf.json'), backendOf(state))
  writeVariables(folder, choices)
}

/** The module's variables. The folder of the functions is this folder's, so that a plan does not differ by machine. */
export function writeVariables(folder: string, choices: Choices & { readonly data_can_be_deleted?: boolean }): void {
  const worker_cloud_init = readFileSync(join(folder, cloudInitFile), 'utf8')
  writeJson(join(folder, 'terraform.tfvars.json'), { ...choices, functions_source: './functions', worker_cloud_init })
}

const choicesFile = 'choices.json'
const cloudInitFile = 'cloud-init.yaml'

/** What was chosen before, where the state is kept on this machine. */
export function readLocalChoices(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, choicesFile), 'utf8'))
  } catch {
    return undefined
  }
}

export const writeLocalChoices = (folder: string, choices: Choices): void =>
  writeJson(join(folder, choicesFile), choices)

const backendOf = (state: StatePlace): object => ({
  terraform: {
    backend: state.kind === 'bucket' ? { gcs: { bucket: state.bucket, prefix: 'terraform' } } : { local: {} },
  },
})

const writeJson = (path: string, value: object): void => writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`)
