import { availableParallelism, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { parseRunFlags } from '../../execution/index.ts'

/** Where and how jobs run on this machine. */
export interface LocalBackendOptions {
  /** Folder for the files that jobs pass on. Default: the system's folder for temporary files. */
  tmpDir?: string | undefined
  /** Cores that jobs may use together. Default: all of this machine. */
  cpus?: number | undefined
  /** Key of a Google service account, for containers at `/gsa-key/key.json`. Default: `GRAUPEL_GSA_KEY_FILE`, or none. */
  gsaKeyFile?: string | undefined
  /** More arguments of `docker run`. Default: `GRAUPEL_EXTRA_DOCKER_RUN_FLAGS`, split at spaces, or none. */
  extraDockerRunFlags?: readonly string[] | undefined
}

export interface LocalConfiguration {
  readonly tmpDir: string
  readonly cpus: number
  readonly gsaKeyFile: string | undefined
  readonly extraDockerRunFlags: readonly string[]
}

/** @throws InvalidBatchError naming the option */
export function readLocalConfiguration(
  options: LocalBackendOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LocalConfiguration {
  const { cpus = availableParallelism(), tmpDir = tmpdir() } = options
  if (!Number.isFinite(cpus) || cpus <= 0)
    throw new InvalidBatchError({ message: `LocalBackend cannot have cpus ${cpus}: write a number above 0` })
  const gsaKeyFile = options.gsaKeyFile ?? environment.GRAUPEL_GSA_KEY_FILE
  const flags = environment.GRAUPEL_EXTRA_DOCKER_RUN_FLAGS?.split(/\s+/).filter((flag) => flag !== '')
  const extraDockerRunFlags = options.extraDockerRunFlags ?? flags ?? []
  checkFlags(extraDockerRunFlags)
  return {
    tmpDir: resolve(tmpDir),
    cpus,
    gsaKeyFile: gsaKeyFile === undefined ? undefined : resolve(gsaKeyFile),
    extraDockerRunFlags,
  }
}

function checkFlags(flags: readonly string[]): void {
  try {
    parseRunFlags(flags)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new InvalidBatchError({ message: `LocalBackend cannot have extraDockerRunFlags: ${problem}`, cause: error })
  }
}
