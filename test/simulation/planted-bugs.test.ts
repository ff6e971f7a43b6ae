import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantedBugs } from './planted-bugs/all.ts'
import type { Catch } from './planted-bugs/hunt.ts'
import { plant } from './planted-bugs/plant.ts'

const run = promisify(execFile)
/** A bug may make a run endless. */
const timeoutMs = 120_000

/** Below node_modules, so that the bundles find the packages of others. */
const cache = resolve(import.meta.dirname, '../../node_modules/.cache')
let folder = ''
let soundBundle = ''

beforeAll(async () => {
  await mkdir(cache, { recursive: true })
  folder = await mkdtemp(join(cache, 'planted-bugs-'))
  soundBundle = join(folder, 'sound.mjs')
  await plant(undefined, soundBundle)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function hunt(bundle: string, place: number, seeds: number): Promise<Catch> {
  const { stdout } = await run(process.execPath, [bundle, String(place), String(seeds)], { timeout: timeoutMs })
  return JSON.parse(stdout)
}

/** The rules of the protocol, and for each what shows when it is broken. */
describe.concurrent('the simulation finds out when', { timeout: 2 * timeoutMs }, () => {
  test.for(plantedBugs.map((bug, place) => ({ ...bug, place })))('$instead ($rule)', async (bug) => {
    const bundle = join(folder, `${bug.place}.mjs`)
    await plant(bug, bundle)
    const caught = await hunt(bundle, bug.place, bug.seeds)
    expect(caught.seed, `no run of ${bug.seeds} showed it`).toBeDefined()
    const sound = await hunt(soundBundle, bug.place, caught.seed ?? 0)
    expect(sound.violation, 'the code without the bug fails in the same runs').toBeUndefined()
  })
})
