import { connectDocker, findBridge, runningAddressesOf, systemClock, type WorkerLog } from 'graupel/execution'
import { isRealMetadata } from '../block-metadata.ts'
import type { WorkerConfig } from '../config.ts'
import { ensureRules, removeRules } from '../firewall.ts'
import type { Metadata } from '../metadata.ts'
import { IamCredentials } from './iam-credentials.ts'
import { JobAccount } from './job-account.ts'
import { JobContainers } from './job-containers.ts'
import type { JobIdentity } from './job-identity.ts'
import { serveTokens } from './serve-tokens.ts'
import { tokenRules } from './token-rules.ts'

export interface ServedJobs {
  /** What containers of jobs are told. */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Gives the containers of this agent's jobs, and nobody else, tokens of the jobs' own account where they look for those
 * of their machine.
 */
export async function serveJobs(config: WorkerConfig, metadata: Metadata, log: WorkerLog): Promise<ServedJobs> {
  const docker = await connectDocker()
  const bridge = await findBridge(docker)
  const containers = new JobContainers({ list: () => runningAddressesOf(docker, config.agent), clock: systemClock })
  const identity = identityOfJobs(config, metadata)
  const server = await serveTokens({
    callerAt: async (address) => ((await containers.has(address)) ? { kind: 'job', identity } : { kind: 'stranger' }),
    onFailure: (error) => log.warn({ error }, 'a job could not be given a token'),
    address: bridge.address,
  })
  const rules = tokenRules(bridge, server.port)
  const hasFirewall = config.metadataUrl !== undefined && isRealMetadata(config.metadataUrl)
  if (hasFirewall) await ensureRules('INPUT', rules)
  return {
    environment: environmentOf(`${bridge.address}:${server.port}`),
    close: async () => {
      await server.close()
      if (hasFirewall) await removeRules('INPUT', rules)
    },
  }
}

function identityOfJobs(config: WorkerConfig, metadata: Metadata): JobIdentity | undefined {
  const { jobAccount: email, project, iamCredentialsUrl: url } = config
  if (email === undefined) return undefined
  const credentials = new IamCredentials({ url, accessToken: () => metadata.accessToken() })
  return new JobAccount({ project, email, credentials, projectNumber: () => metadata.projectNumber() })
}

/**
 * The names under which Google's clients look for another metadata server: GCE_METADATA_HOST those of Go, Java, Node and
 * Python, GCE_METADATA_IP those of Node and Python that only see whether there is one, GCE_METADATA_ROOT gcloud and gsutil.
 */
export const environmentOf = (host: string): Readonly<Record<string, string>> => ({
  GCE_METADATA_HOST: host,
  GCE_METADATA_IP: host,
  GCE_METADATA_ROOT: host,
})
