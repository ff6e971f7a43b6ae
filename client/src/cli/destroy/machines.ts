import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'

const instanceSchema = z.object({ name: z.string(), zone: z.string(), status: z.string() })
const zonesSchema = z.object({
  items: z.record(z.string(), z.object({ instances: z.array(instanceSchema).default([]) })).default({}),
  nextPageToken: z.string().optional(),
})

export interface Machine {
  readonly name: string
  readonly zone: string
  /** `STOPPING` once it is being deleted. */
  readonly status: string
}

/** The machines that a deployment has launched: they bear its label. */
export async function listMachines(api: GoogleApi, project: string, prefix: string): Promise<Machine[]> {
  const machines: Machine[] = []
  let pageToken: string | undefined
  do {
    const query = { filter: `labels.graupel=${prefix}`, ...(pageToken === undefined ? {} : { pageToken }) }
    const path = `/compute/v1/projects/${project}/aggregated/instances`
    const page = await api.call(zonesSchema, { service: 'compute', path, query })
    for (const { instances } of Object.values(page.items))
      for (const machine of instances)
        machines.push({ ...machine, zone: machine.zone.split('/').at(-1) ?? machine.zone })
    pageToken = page.nextPageToken
  } while (pageToken !== undefined && pageToken !== '')
  return machines
}

const shortestPauseMs = 100
const longestPauseMs = 5_000
const longestMs = 15 * 60_000

/** Deletes them and waits until they are gone: their network cannot go before. @throws Error if some stay */
export async function removeMachines(
  api: GoogleApi,
  { project, prefix }: { readonly project: string; readonly prefix: string },
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  let pauseMs = shortestPauseMs
  for (let waitedMs = 0; waitedMs <= longestMs; waitedMs += pauseMs) {
    const machines = await listMachines(api, project, prefix)
    if (machines.length === 0) return
    // Asked again each time: one that was launched meanwhile is found.
    for (const machine of machines) if (machine.status !== 'STOPPING') await removeMachine(api, project, machine)
    await sleep(pauseMs)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
  throw new Error(
    `machines of ${prefix} are still there after ${longestMs / 60_000} minutes: delete them in the console`,
  )
}

async function removeMachine(api: GoogleApi, project: string, { zone, name }: Machine): Promise<void> {
  const path = `/compute/v1/projects/${project}/zones/${zone}/instances/${name}`
  try {
    await api.call(z.unknown(), { service: 'compute', method: 'DELETE', path })
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 404)) throw error
  }
}
