import { ComputeFleet } from '@graupel/functions/compute/compute-fleet'
import { GoogleComputeApi } from '@graupel/functions/compute/google-compute-api'
import { ComputeWorld } from '@graupel/functions/emulator/compute-server/compute-world'
import { type ComputeServer, startComputeServer } from '@graupel/functions/emulator/compute-server/start-compute-server'
import type { WorldSettings } from '@graupel/functions/emulator/compute-server/world-settings'
import { afterEach, expect } from 'vitest'
import { fleetOptions, settingsOf } from './world-fixture.ts'

interface Later {
  readonly at: number
  readonly act: () => void
}

/** Time that passes when a test says so. */
export class Hours {
  #now = Date.UTC(2026, 10, 1)
  #later: Later[] = []

  readonly now = (): number => this.#now
  readonly after = (ms: number, act: () => void): void => void this.#later.push({ at: this.#now + ms, act })

  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#later.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0]
      if (next === undefined) break
      this.#later = this.#later.filter((one) => one !== next)
      this.#now = Math.max(this.#now, next.at)
      next.act()
    }
    this.#now = end
  }
}

export interface ComputeBed {
  readonly hours: Hours
  readonly world: ComputeWorld
  readonly server: ComputeServer
  readonly fleet: ComputeFleet
  /** Of another deployment in the same project. */
  readonly fleetOf: (prefix: string) => ComputeFleet
}

const open: { server: ComputeServer; api: GoogleComputeApi }[] = []

/** The real client library against the strict server. A call that the server does not understand fails the test. */
export async function makeComputeBed(change: Partial<WorldSettings> = {}): Promise<ComputeBed> {
  const hours = new Hours()
  const world = new ComputeWorld(settingsOf(hours, change))
  const server = await startComputeServer(world)
  const api = new GoogleComputeApi({ project: 'project-1', host: server.host })
  open.push({ server, api })
  const fleetOf = (prefix: string) => new ComputeFleet({ ...fleetOptions, prefix, api, now: hours.now })
  return { hours, world, server, fleet: fleetOf(fleetOptions.prefix), fleetOf }
}

afterEach(async () => {
  const beds = open.splice(0)
  await Promise.all(beds.flatMap(({ api, server }) => [api.close(), server.close()]))
  expect(beds.flatMap(({ server }) => server.unexpected)).toEqual([])
})
