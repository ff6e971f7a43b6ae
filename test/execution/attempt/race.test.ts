import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProcessSandbox, systemClock } from 'graupel/execution'
import { manifestSchema, objectPaths } from 'graupel/model'
import { FileObjectStore, fileUriOf, type ObjectStore, routeByScheme } from 'graupel/storage'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { AttemptBed, assignmentOf, output } from '../attempt-bed.ts'

const races = 40

/** Whoever starts first may have an advantage, so each does in turn. */
const turned = (attempts: readonly number[], by: number) =>
  attempts.map((_, at) => attempts[(at + by) % attempts.length] ?? 0)

let bed: AttemptBed
let folder: string

beforeEach(async () => {
  bed = await AttemptBed.make()
  folder = await mkdtemp(join(tmpdir(), 'graupel-race-'))
})

afterEach(async () => {
  await bed.close()
  await rm(folder, { recursive: true, force: true })
})

const homes: readonly [string, () => { objects: ObjectStore; base: string }][] = [
  ['memory', () => ({ objects: bed.objects, base: 'memory:///' })],
  [
    'files',
    () => ({
      objects: routeByScheme({ file: new FileObjectStore({ ownFolders: [folder] }) }),
      base: `${fileUriOf(folder)}/`,
    }),
  ],
]

it.each(homes)('attempts of one job that race in %s make the files of exactly one visible', async (_, open) => {
  const { objects, base } = open()
  const sandbox = new ProcessSandbox({
    scratch: join(folder, 'attempts'),
    objects,
    clock: systemClock,
    agent: bed.agent,
    hostEnvironment: { PATH: '/usr/bin:/bin' },
  })
  onTestFinished(() => sandbox.close())
  const winners = new Map<number, number>()
  for (let race = 1; race <= races; race++) {
    const root = `${base}race-${race}`
    const destination = `${base}copies/${race}`
    const ends = await Promise.all(
      turned([1, 2, 3], race).map((attempt) => {
        const script = `mkdir job/out; for name in a b c; do echo ${attempt} > job/out/$name; done`
        const assignment = assignmentOf({
          job: race,
          attempt,
          script,
          detail: { outputs: [output('out', destination)] },
        })
        return bed.runAssignment({ ...assignment, root }, { objects, sandbox })
      }),
    )
    expect(ends.map(({ cause }) => cause)).toEqual(['success', 'success', 'success'])
    const read = async (uri: string) => Buffer.from(await objects.read(uri)).toString()
    const manifest = manifestSchema.parse(JSON.parse(await read(objectPaths.manifest(root, race))))
    const uris = Object.values(manifest.outputs).flatMap(({ files }) => files.map(({ uri }) => uri))
    const visible = await Promise.all([...uris, ...['a', 'b', 'c'].map((name) => `${destination}/${name}`)].map(read))
    expect(visible).toEqual(Array.from({ length: 6 }, () => `${manifest.attempt}\n`))
    winners.set(manifest.attempt, (winners.get(manifest.attempt) ?? 0) + 1)
  }
  expect(winners.size, 'a race that always ends the same way is none').toBeGreaterThan(1)
})
