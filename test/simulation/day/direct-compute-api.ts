import type { BulkInsertion, ComputeApi, InstanceList, Operation } from '@graupel/functions/compute/compute-api'
import { ComputeError } from '@graupel/functions/emulator/compute-server/compute-error'
import type { ComputeWorld } from '@graupel/functions/emulator/compute-server/compute-world'

const instancesPerPage = 500

/** The fake cloud without HTTP between: a day has too many calls for that. Errors look as the client library makes them. */
export class DirectComputeApi implements ComputeApi {
  readonly #world: ComputeWorld

  constructor(world: ComputeWorld) {
    this.#world = world
  }

  bulkInsert({ region, requestId, body }: BulkInsertion): Promise<Operation> {
    return answer(() => this.#world.bulkInsert(region, requestId, body))
  }

  operation(region: string, name: string): Promise<Operation> {
    return answer(() => this.#world.operation(region, name))
  }

  instances(filter: string): Promise<InstanceList> {
    return answer(() => {
      const [label = '', value = ''] = filter.split(' = ')
      const found = this.#world.list({ name: label.replace('labels.', ''), value })
      for (let page = 0; page * instancesPerPage <= found.length; page++) this.#world.rates.count('list')
      return { instances: found, unreachable: [] }
    })
  }

  async adviseOnSpot(): Promise<undefined> {}

  deleteInstance(zone: string, name: string): Promise<void> {
    return answer(() => this.#world.delete(zone, name))
  }
}

async function answer<T>(act: () => T): Promise<T> {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error
    throw Object.assign(new Error(error.message), { httpStatusCode: error.status, reason: error.reason })
  }
}
