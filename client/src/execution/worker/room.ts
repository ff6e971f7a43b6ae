import type { Assignment, Resources } from '../../model/index.ts'

/** What a job takes of a machine: no more than there is, and all of it if nothing may run beside it. */
export const needOf = ({ template, memoryBytes, isAlone }: Assignment, total: Resources): Resources =>
  isAlone === true
    ? total
    : {
        cpuMillis: Math.min(template.cpuMillis, total.cpuMillis),
        memoryBytes: Math.min(memoryBytes, total.memoryBytes),
        storageBytes: Math.min(template.storageBytes, total.storageBytes),
      }

export const minus = (from: Resources, taken: Resources): Resources => ({
  cpuMillis: from.cpuMillis - taken.cpuMillis,
  memoryBytes: from.memoryBytes - taken.memoryBytes,
  storageBytes: from.storageBytes - taken.storageBytes,
})

export const plus = (left: Resources, right: Resources): Resources => ({
  cpuMillis: left.cpuMillis + right.cpuMillis,
  memoryBytes: left.memoryBytes + right.memoryBytes,
  storageBytes: left.storageBytes + right.storageBytes,
})

export const fits = (need: Resources, free: Resources): boolean =>
  need.cpuMillis <= free.cpuMillis && need.memoryBytes <= free.memoryBytes && need.storageBytes <= free.storageBytes

export const nothing: Resources = { cpuMillis: 0, memoryBytes: 0, storageBytes: 0 }

/** What may be asked for is never below zero, though a queue may be longer than the machine is wide. */
export const atLeastNothing = (resources: Resources): Resources => ({
  cpuMillis: Math.max(0, resources.cpuMillis),
  memoryBytes: Math.max(0, resources.memoryBytes),
  storageBytes: Math.max(0, resources.storageBytes),
})
