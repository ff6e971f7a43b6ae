import type { Lease } from '../model/index.ts'

const hourMs = 3_600_000

/** US dollars that an attempt has cost by `at`: from its grant on, for its machine is kept for it since then. */
export const costOf = (lease: Lease | undefined, at: number): number =>
  lease?.dollarsPerHour === undefined ? 0 : (lease.dollarsPerHour * Math.max(0, at - lease.at)) / hourMs
