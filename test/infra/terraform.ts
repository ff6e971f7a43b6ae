import { execFile, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { moduleFolder } from './module-files.ts'

const oldestVersion = [1, 11] as const

/** Why Terraform's own checks cannot run here; undefined if they can. */
export function whyNoTerraform(): string | undefined {
  const { error, stdout } = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8', env: quiet() })
  if (error !== undefined) return 'there is no terraform in PATH'
  const [, major, minor] = /"terraform_version": "(\d+)\.(\d+)/.exec(stdout) ?? []
  const isNew = Number(major) > oldestVersion[0] || Number(minor) >= oldestVersion[1]
  return isNew ? undefined : `terraform is older than ${oldestVersion.join('.')}`
}

/** Terraform neither asks for a newer version of itself nor talks to a person. */
const quiet = () => ({ ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '-no-color' })

export interface TerraformRun {
  readonly exitCode: number
  readonly output: string
}

export interface ModuleCopy {
  terraform(...args: string[]): Promise<TerraformRun>
  read(name: string): Promise<string>
  /** Puts another file into the copy. */
  add(name: string, text: string): Promise<void>
  remove(): Promise<void>
}

/** A copy of the module to run Terraform in: it writes beside what it reads. */
export async function copyModule(environment: Readonly<Record<string, string>>): Promise<ModuleCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-infra-'))
  await cp(moduleFolder, folder, { recursive: true, filter: (path) => !basename(path).startsWith('.terraform') })
  const env = { ...quiet(), ...environment, TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc') }
  await writeFile(env.TF_CLI_CONFIG_FILE, '')
  return {
    terraform: (...args) => run(args, folder, env),
    read: (name) => readFile(join(folder, name), 'utf8'),
    add: (name, text) => writeFile(join(folder, name), text),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string | undefined>>) {
  return new Promise<TerraformRun>((resolve) => {
    execFile('terraform', args, { cwd, env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ exitCode, output: `${stdout}${stderr}` })
    })
  })
}
