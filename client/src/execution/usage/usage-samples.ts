import type { UsageSample } from '../../model/index.ts'
import type { UsageReading } from './usage-reading.ts'

const maxSamples = 512

/** The samples of one attempt. When they become many, neighbours are joined: a day takes no more room than an hour. */
export class UsageSamples {
  #samples: UsageSample[] = []
  #before: { readonly at: number; readonly cpuMs: number }

  constructor(startedAt: number) {
    this.#before = { at: startedAt, cpuMs: 0 }
  }

  /** A reading that tells of less time than an earlier one (a process ended uncounted) counts as none. */
  add(at: number, reading: UsageReading): void {
    const wallMs = at - this.#before.at
    if (wallMs <= 0) return
    const { cpuMs, ...amounts } = reading
    const cpu = Math.max(0, cpuMs - this.#before.cpuMs) / wallMs
    this.#before = { at, cpuMs: Math.max(cpuMs, this.#before.cpuMs) }
    this.#samples.push({ at, cpu: Math.round(cpu * 1000) / 1000, ...amounts })
    if (this.#samples.length >= maxSamples) this.#samples = joinPairs(this.#samples)
  }

  all(): readonly UsageSample[] {
    return this.#samples
  }
}

/** Peaks stay: they are what a job must be given. */
function joinPairs(samples: readonly UsageSample[]): UsageSample[] {
  const joined: UsageSample[] = []
  for (let index = 0; index < samples.length; index += 2) {
    const [first, second] = samples.slice(index, index + 2)
    if (first === undefined) break
    joined.push(second === undefined ? first : join(first, second))
  }
  return joined
}

const join = (first: UsageSample, second: UsageSample): UsageSample => ({
  ...second,
  cpu: (first.cpu + second.cpu) / 2,
  memoryBytes: Math.max(first.memoryBytes, second.memoryBytes),
  storageBytes: Math.max(first.storageBytes, second.storageBytes),
})
