import { InstancesClient, RegionInstancesClient, RegionOperationsClient } from '@google-cloud/compute'
import { OAuth2Client } from 'google-auth-library'
import {
  type BulkInsertion,
  type ComputeApi,
  type Instance,
  instanceSchema,
  type Operation,
  operationSchema,
} from './compute-api.ts'
import { plainRecord } from './plain-record.ts'

export interface GoogleComputeOptions {
  readonly project: string
  /** `host:port` of a server without encryption. Default: Google's. */
  readonly host?: string | undefined
}

const instancesPerPage = 500
const timeout = 60_000

/** The real client library, for the calls that graupel makes. Nothing is retried here: ticks come again. */
export class GoogleComputeApi implements ComputeApi {
  readonly #project: string
  readonly #instances: InstancesClient
  readonly #regionInstances: RegionInstancesClient
  readonly #regionOperations: RegionOperationsClient

  constructor({ project, host }: GoogleComputeOptions) {
    const options = { projectId: project, ...(host === undefined ? {} : localOptions(host)) }
    this.#project = project
    this.#instances = new InstancesClient(options)
    this.#regionInstances = new RegionInstancesClient(options)
    this.#regionOperations = new RegionOperationsClient(options)
  }

  async bulkInsert({ region, requestId, body }: BulkInsertion): Promise<Operation> {
    const request = { project: this.#project, region, requestId, bulkInsertInstanceResourceResource: body }
    const [operation] = await this.#regionInstances.bulkInsert(request, { timeout })
    return operationSchema.parse(plainRecord(operation.latestResponse))
  }

  async operation(region: string, name: string): Promise<Operation> {
    const request = { project: this.#project, region, operation: name }
    const [operation] = await this.#regionOperations.get(request, { timeout })
    return operationSchema.parse(plainRecord(operation))
  }

  async instances(filter: string): Promise<Instance[]> {
    const found: Instance[] = []
    const request = { project: this.#project, filter, maxResults: instancesPerPage }
    for await (const [, { instances }] of this.#instances.aggregatedListAsync(request, {
      timeout,
      autoPaginate: false,
    }))
      for (const instance of instances ?? []) found.push(instanceSchema.parse(plainRecord(instance)))
    return found
  }

  async deleteInstance(zone: string, name: string): Promise<void> {
    await this.#instances.delete({ project: this.#project, zone, instance: name }, { timeout })
  }

  async close(): Promise<void> {
    await Promise.all([this.#instances.close(), this.#regionInstances.close(), this.#regionOperations.close()])
  }
}

/** A server on this machine asks for no credentials, but the library does. */
function localOptions(host: string) {
  const at = host.lastIndexOf(':')
  const authClient = new OAuth2Client({
    credentials: { access_token: 'local', expiry_date: Number.MAX_SAFE_INTEGER },
  })
  return {
    apiEndpoint: host.slice(0, at),
    port: Number(host.slice(at + 1)),
    protocol: 'http',
    fallback: true,
    authClient,
  }
}
