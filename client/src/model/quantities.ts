// Hail's grammar for cpu, memory and storage: the whole text, no white space, case counts.

const cpuGrammar = /^\+?((?:\d*\.)?\d+)(m?)$/
const bytesGrammar = /^\+?((?:\d*\.)?\d+)([KMGTP]i?)?B?$/
const durationGrammar = /^((?:\d*\.)?\d+)(ms|s|m|h|d)$/

const byteFactors: Record<string, number> = {
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

const durationFactorsMs: Record<string, number> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 }

/**
 * The largest machines of Google Cloud have 416 virtual CPUs and 12 TiB of memory in their families for general and
 * memory-heavy work, and 64 TiB is the largest disk: https://cloud.google.com/compute/docs/machine-resource (2026-11)
 */
export const amountLimits = { cpuMillis: 416_000, memoryBytes: 12 * 2 ** 40, storageBytes: 64 * 2 ** 40 } as const

/** GiB per core. Standard memory is that of Hail, and such that each core of a common machine has a job of it. */
export const memoryWords = { lowmem: 1, standard: 3.75, highmem: 7 } as const
export type MemoryWord = keyof typeof memoryWords

const isMemoryWord = (text: string): text is MemoryWord => Object.hasOwn(memoryWords, text)

/** `0.5`, `'500m'`, `'2'` → thousandths of a core, rounded up; undefined if it is no cpu quantity. */
export function parseCpuMillis(value: number | string): number | undefined {
  const [, number, milli] = cpuGrammar.exec(String(value)) ?? []
  if (number === undefined) return undefined
  return Math.ceil(Number((Number(number) * (milli === 'm' ? 1 : 1000)).toFixed(6)))
}

/** `'1.5Gi'`, `'10G'`, `1048576` → bytes, rounded up; undefined if it is no byte quantity. */
export function parseBytes(value: number | string): number | undefined {
  const [, number, unit] = bytesGrammar.exec(String(value)) ?? []
  if (number === undefined) return undefined
  const bytes = Math.ceil(Number(number) * (unit === undefined ? 1 : (byteFactors[unit] ?? Number.NaN)))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** As {@link parseBytes}, and `'lowmem' | 'standard' | 'highmem'`: 1, 3.75 and 7 GiB per core. */
export function parseMemoryBytes(value: number | string, cpuMillis: number): number | undefined {
  if (typeof value === 'string' && isMemoryWord(value))
    return Math.ceil((memoryWords[value] * 2 ** 30 * cpuMillis) / 1000)
  return parseBytes(value)
}

/** A number is seconds, at most 86,400; longer needs its unit: `'36h'`. Undefined if it is no duration. */
export function parseDurationMs(value: number | string): number | undefined {
  if (typeof value === 'number') {
    const isSeconds = Number.isFinite(value) && value >= 0 && value <= 86_400
    return isSeconds ? Math.ceil(value * 1000) : undefined
  }
  const [, number, unit] = durationGrammar.exec(value) ?? []
  if (number === undefined || unit === undefined) return undefined
  return Math.ceil(Number(number) * (durationFactorsMs[unit] ?? Number.NaN))
}
