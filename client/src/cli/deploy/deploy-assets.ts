import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../backends/service/service-configuration.ts'

/** What a deployment is made from. */
export interface DeployAssets {
  /** Folder of the Terraform module. */
  readonly module: string
  /** Folder of the functions' bundle. */
  readonly functions: string
  /** Folder that the agent's image is built from. */
  readonly worker: string
  /** File of what a machine does when it starts. */
  readonly cloudInit: string
}

/** Seen from this file: in the repository, and in the published package. */
const places = {
  repository: {
    module: '../../../../infra',
    functions: '../../../dist/deploy/functions',
    worker: '../../../dist/deploy/worker',
    cloudInit: '../../../../worker-vm/image/cloud-init.yaml',
  },
  published: {
    module: '../../deploy/infra',
    functions: '../../deploy/functions',
    worker: '../../deploy/worker',
    cloudInit: '../../deploy/cloud-init.yaml',
  },
} as const

/**
 * Where the module, the functions and the agent are; `GRAUPEL_FUNCTIONS_SOURCE` and `GRAUPEL_WORKER_SOURCE` name other folders
 * of the last two.
 * @param from where the asking module lies; a test's business
 * @throws Error if one is not there, with what to do
 */
export function findDeployAssets(env: Environment, from: string = import.meta.url): DeployAssets {
  const isRepository = from.endsWith('.ts')
  const { module, functions, worker, cloudInit } = places[isRepository ? 'repository' : 'published']
  const found = {
    module: fileURLToPath(new URL(module, from)),
    functions: env.GRAUPEL_FUNCTIONS_SOURCE || fileURLToPath(new URL(functions, from)),
    worker: env.GRAUPEL_WORKER_SOURCE || fileURLToPath(new URL(worker, from)),
    cloudInit: fileURLToPath(new URL(cloudInit, from)),
  }
  const missing = Object.values(found).find((path) => !existsSync(path))
  if (missing === undefined) return found
  throw new Error(`${missing} is not there: ${isRepository ? 'run npm run build' : 'install graupel again'}`)
}
