import {
  acceleratorProblem,
  amountLimits,
  hidesFiles,
  isImageReference,
  parseBytes,
  parseCpuMillis,
  parseDurationMs,
  parseMemoryBytes,
} from '../model/index.ts'
import type { Cpu, Duration, Memory, Storage } from './amounts.ts'
import type { Accelerator, CheckpointOptions, Cloudfuse } from './settings.ts'
import { hasToken } from './token.ts'

/** No job is tried more often, whatever its retries. */
const maxAttemptsOfAll = 250

/** Says that a setting is wrong: `asks for cpu '-1': …`. The error names the job or batch. */
export type Refuse = (message: string) => Error

export const quoted = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/

export const hasControlCharacter = (text: string): boolean => control.test(text)

export function checkCpu(cpu: Cpu, refuse: Refuse): void {
  const millis = parseCpuMillis(cpu)
  if (millis === undefined) throw refuse(`asks for cpu ${quoted(cpu)}; write cores, such as 2, 0.5, '0.5' or '500m'.`)
  if (millis <= 0 || millis > amountLimits.cpuMillis)
    throw refuse(`asks for cpu ${quoted(cpu)}; it must be more than 0 and at most 416 cores.`)
}

export function checkMemory(memory: Memory, refuse: Refuse): void {
  const bytes = parseMemoryBytes(memory, 1000)
  if (bytes === undefined)
    throw refuse(
      `asks for memory ${quoted(memory)}; write bytes, such as '7.5Gi' or '7G', or 'lowmem', 'standard' or 'highmem'.`,
    )
  if (bytes <= 0 || bytes > amountLimits.memoryBytes)
    throw refuse(`asks for memory ${quoted(memory)}; it must be more than 0 and at most 12Ti.`)
}

export function checkStorage(storage: Storage, refuse: Refuse): void {
  const bytes = parseBytes(storage)
  if (bytes === undefined) throw refuse(`asks for storage ${quoted(storage)}; write bytes, such as '10Gi' or '500M'.`)
  if (bytes > amountLimits.storageBytes) throw refuse(`asks for storage ${quoted(storage)}; at most 64Ti is possible.`)
}

export function checkTimeout(timeout: Duration, refuse: Refuse): void {
  const ms = parseDurationMs(timeout)
  if (ms === undefined)
    throw refuse(
      `has the timeout ${quoted(timeout)}; write seconds up to 86400, or a number with its unit: '90s', '1.5h', '2d'.`,
    )
  if (ms <= 0) throw refuse(`has the timeout ${quoted(timeout)}; it must be more than 0.`)
}

export function checkText(what: string, text: string, refuse: Refuse): void {
  if (typeof text !== 'string' || text.trim() === '' || hasControlCharacter(text))
    throw refuse(`has the ${what} ${quoted(text)}; write a text that is not empty and has no control character.`)
}

export function checkImage(what: string, image: string, refuse: Refuse): void {
  if (isImageReference(image)) return
  throw refuse(
    `has the ${what} ${quoted(image)}, which is no image's name; write one such as 'ubuntu:24.04' or 'registry.example/team/tool:1'.`,
  )
}

export function checkRegions(regions: readonly string[] | 'any', refuse: Refuse): void {
  if (regions === 'any') return
  const isList = Array.isArray(regions) && regions.length > 0
  if (!isList) throw refuse(`has the regions ${JSON.stringify(regions)}; name at least one, or write 'any'.`)
  for (const region of regions) checkText('region', region, refuse)
}

export function checkWhole(what: string, value: number, least: number, refuse: Refuse): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw refuse(`has the ${what} ${quoted(value)}; write a whole number of at least ${least}.`)
}

export function checkMaxAttempts(attempts: number, refuse: Refuse): void {
  checkWhole('maxAttempts', attempts, 1, refuse)
  if (attempts > maxAttemptsOfAll)
    throw refuse(`has the maxAttempts ${attempts}; at most ${maxAttemptsOfAll} attempts are made of any job.`)
}

export function checkAccelerator(
  { type, count = 1 }: Accelerator,
  machineType: string | undefined,
  refuse: Refuse,
): void {
  checkText('accelerator', type, refuse)
  checkWhole(`count of accelerator '${type}'`, count, 1, refuse)
  const problem = acceleratorProblem({ accelerator: { type, count }, machineType })
  if (problem !== undefined) throw refuse(problem)
}

/** https://cloud.google.com/storage/docs/buckets#naming (2026-11) */
function isBucketOrFolder(bucket: unknown): boolean {
  if (typeof bucket !== 'string' || hasControlCharacter(bucket)) return false
  const [name = ''] = bucket.replace(/^gs:\/\//, '').split('/')
  const parts = name.split('.')
  const areParts = parts.every((part) => part !== '' && part.length <= 63)
  return areParts && name.length <= 222 && /^[a-z0-9][a-z0-9_.-]+[a-z0-9]$/.test(name)
}

export function checkCloudfuse({ bucket, mountPoint }: Cloudfuse, refuse: Refuse): void {
  if (!isBucketOrFolder(bucket))
    throw refuse(
      `has the cloudfuse bucket ${quoted(bucket)}; write a bucket's name, such as 'my-data', or a folder of it, such as 'my-data/reference'.`,
    )
  checkText('cloudfuse mount point', mountPoint, refuse)
  if (!mountPoint.startsWith('/'))
    throw refuse(`has the cloudfuse mount point '${mountPoint}'; write an absolute path, such as '/${mountPoint}'.`)
  if (hidesFiles(mountPoint))
    throw refuse(
      `has the cloudfuse mount point '${mountPoint}', where its own files are; write another, such as '/data'.`,
    )
}

export function checkCheckpoint(checkpoint: boolean | CheckpointOptions, refuse: Refuse): void {
  if (typeof checkpoint === 'boolean' || checkpoint.every === undefined) return
  const ms = parseDurationMs(checkpoint.every)
  if (ms === undefined || ms < 1000)
    throw refuse(`stores its checkpoint every ${quoted(checkpoint.every)}; write at least a second: 60, '5m', '1h'.`)
}

/** What the worker sets, and for what. */
const ownVariables: Readonly<Record<string, string>> = {
  BATCH_TMPDIR: 'the folder of its files',
  GRAUPEL_CHECKPOINT_DIR: 'its checkpoint folder',
}

/** The value as the environment has it. */
export function checkEnv(name: string, value: unknown, refuse: Refuse): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw refuse(`has the environment variable ${quoted(name)}; write letters, digits and _, and no digit first.`)
  const meaning = Object.hasOwn(ownVariables, name) ? ownVariables[name] : undefined
  if (meaning !== undefined)
    throw refuse(`sets the environment variable ${name}, which names ${meaning}; take another name.`)
  if (typeof value !== 'string' && typeof value !== 'number')
    throw refuse(`has the environment variable ${name} with the value ${quoted(value)}; write a text or a number.`)
  const text = String(value)
  if (text.includes('\0'))
    throw refuse(`has the environment variable ${name} with a NUL character, which none can have.`)
  if (hasToken(text))
    throw refuse(
      `has the environment variable ${name} with a file in its value, whose place is not known yet; ` +
        `set it in the command: export ${name}=\${file}.`,
    )
  return text
}

export function checkName(name: unknown, refuse: Refuse): void {
  if (name === undefined) return
  if (typeof name !== 'string') throw refuse(`has the name ${quoted(name)}; write a text.`)
  if (hasControlCharacter(name) || !name.isWellFormed())
    throw refuse(`has the name ${JSON.stringify(name)}; write a text without line breaks and other control characters.`)
}
