import { z } from 'zod'
import { type PoolId, poolIdSchema } from '../model/index.ts'
import { type Usage, usageOf } from './fleet-limits.ts'
import { paths } from './paths.ts'
import { ConflictError, type Document, type Machine, type Store, type Write } from './ports.ts'
import type { Stored } from './records.ts'

/** Machines that have been decided on and may not be listed yet: room that others must not take. */
const reservationSchema = z.object({
  pool: poolIdSchema,
  /** What the machines' names begin with. */
  stem: z.string(),
  machines: z.number().int(),
  /** Of one machine. */
  cpuMillis: z.number(),
  dollarsPerHour: z.number(),
  at: z.number(),
})
export type Reservation = z.infer<typeof reservationSchema>

/** One for the deployment: committed with the intent of each launch, so that two pools cannot both take the last room. */
export const reservationsSchema = z.object({ version: z.number().int(), reservations: z.array(reservationSchema) })
export type Reservations = z.infer<typeof reservationsSchema>

/** By then every machine that will come is listed. */
const reservedMs = 10 * 60_000

export async function readReservations(store: Store): Promise<Stored<Reservations> | undefined> {
  const [found] = await store.read([paths.fleet('reservations')])
  if (found === undefined) return undefined
  return { record: reservationsSchema.parse(found.document), revision: found.revision }
}

/** With one more, if there is one, and without those that are over. */
export function reservationWrite(
  before: Stored<Reservations> | undefined,
  settled: readonly Reservation[],
  added: Reservation | undefined,
  now: number,
): Write {
  const kept = settled.filter(({ at, stem, machines }) => machines > 0 && now - at < reservedMs && stem !== added?.stem)
  const document: Document = {
    version: (before?.record.version ?? 0) + 1,
    reservations: [...kept, ...(added === undefined ? [] : [added])],
  }
  return { kind: 'set', path: paths.fleet('reservations'), document, expect: before?.revision ?? 'absent' }
}

const maxTries = 5

/** Machines of a launch will not come: others may have their room. */
export async function shrinkReservation(store: Store, stem: string, to: (machines: number) => number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await readReservations(store)
    const known = before?.record.reservations.find((one) => one.stem === stem)
    if (before === undefined || known === undefined || to(known.machines) >= known.machines) return
    const smaller = { ...known, machines: Math.max(0, to(known.machines)) }
    const reservations = before.record.reservations.map((one) => (one === known ? smaller : one))
    const document: Document = { version: before.record.version + 1, reservations }
    try {
      await store.commit([{ kind: 'set', path: paths.fleet('reservations'), document, expect: before.revision }])
      return
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= maxTries) throw error
    }
  }
}

/** Of one pool's launches: a machine that was seen and has gone is not about to come, and takes no room. */
export function settleReservations(
  reservations: readonly Reservation[],
  pool: { readonly id: PoolId; readonly machines: readonly Machine[]; readonly awaited: readonly string[] },
): Reservation[] {
  const stems = [...pool.machines.map(({ name }) => name), ...pool.awaited].map(stemOf)
  return reservations.map((one) => {
    const machines = Math.min(one.machines, stems.filter((stem) => stem === one.stem).length)
    return one.pool !== pool.id || machines === one.machines ? one : { ...one, machines }
  })
}

/** What is reserved and not among the machines that are listed. */
export function reservedUsage(reservations: readonly Reservation[], machines: readonly Machine[], at: number): Usage {
  const listed = new Map<string, number>()
  for (const { name } of machines) {
    const stem = stemOf(name)
    listed.set(stem, (listed.get(stem) ?? 0) + 1)
  }
  return usageOf(
    reservations
      .filter((one) => at - one.at < reservedMs)
      .flatMap((one) => Array.from({ length: Math.max(0, one.machines - (listed.get(one.stem) ?? 0)) }, () => one)),
  )
}

/** A machine's name is its launch's and a number. */
export const stemOf = (name: string): string => name.slice(0, name.lastIndexOf('-'))
