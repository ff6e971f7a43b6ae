import type Docker from 'dockerode'
import { expect, it } from 'vitest'
import { readingOf } from '../../../client/src/execution/usage/container-usage.ts'

/** As much of the engine's answer as is read. */
// Docker's type lists a hundred fields more.
const stats = (parts: object) => parts as Docker.ContainerStats

const cpu_stats = { cpu_usage: { total_usage: 1_500_000_000 } }

it('memory that only caches files does not count', () => {
  const memory = { usage: 1000, stats: { inactive_file: 300 } }
  expect(readingOf(stats({ cpu_stats, memory_stats: memory }))).toEqual({ cpuMs: 1500, memoryBytes: 700 })
  const older = { usage: 1000, stats: { total_inactive_file: 400 } }
  expect(readingOf(stats({ cpu_stats, memory_stats: older }))).toMatchObject({ memoryBytes: 600 })
})

it('all networks of a container count', () => {
  const networks = { eth0: { rx_bytes: 1, tx_bytes: 10 }, eth1: { rx_bytes: 2, tx_bytes: 20 } }
  expect(readingOf(stats({ cpu_stats, memory_stats: { usage: 1 }, networks }))).toMatchObject({
    receivedBytes: 3,
    sentBytes: 30,
  })
})

it('a container that has ended uses nothing that could be told', () => {
  expect(readingOf(stats({ cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }))).toBeUndefined()
})
