import type { MachineFacts } from 'graupel/model'
import { regionOfZone } from '../machine-of-instance.ts'
import { parseMachineType } from '../machine-types.ts'
import { dollarsPerHour } from './price-of.ts'
import { priceTable } from './price-table.ts'

/** US dollars an hour for the machine that a worker runs on; nothing for one whose type is not understood. */
export function priceOfWorker({ type, zone, isSpot }: MachineFacts): number {
  const machineType = parseMachineType(type)
  if (machineType === undefined) return 0
  return dollarsPerHour(priceTable, { type: machineType, region: regionOfZone(zone), isSpot })
}
