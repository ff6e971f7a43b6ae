import type { MachineFacts } from 'graupel/model'
import { acceleratorOn } from '../accelerated-types.ts'
import { regionOfZone } from '../machine-of-instance.ts'
import { parseMachineType } from '../machine-types.ts'
import { dollarsPerHour } from './price-of.ts'
import { priceTable } from './price-table.ts'

/** US dollars an hour for the machine that a worker runs on; nothing for one whose type is not understood. */
export const priceOfWorker =
  (usualDiskGb: number) =>
  ({ type: name, zone, isSpot, diskGb = usualDiskGb, accelerator }: MachineFacts): number => {
    const type = parseMachineType(name)
    if (type === undefined) return 0
    const region = regionOfZone(zone)
    return dollarsPerHour(priceTable, { type, region, isSpot, diskGb, accelerator: acceleratorOn(type, accelerator) })
  }
