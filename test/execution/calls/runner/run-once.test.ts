import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FunctionCall } from 'graupel/model'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeCallFolder } from '../../../../client/src/execution/calls/call-folder.ts'
import { encodeValue } from '../../../../client/src/values/encode-value.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-runner-'))
  await mkdir(join(folder, 'files'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const place = () => ({ host: join(folder, 'calls'), inner: join(folder, 'calls') })

/** A call that fails in a way that needs no function. */
const call: FunctionCall = {
  name: 'fit',
  function: { values: encodeValue('no function') },
  arguments: { values: encodeValue([]) },
  files: [],
  results: {},
}

async function run(calls: FunctionCall[], ...nodeOptions: string[]) {
  const [, ...words] = await makeCallFolder(
    place(),
    { kind: 'functions', calls },
    {
      root: join(folder, 'files'),
      memoryBytes: 0,
      env: {},
    },
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, ...words], { encoding: 'utf8' })
  const end = join(folder, 'calls/end.json')
  return {
    status,
    printed: stdout + stderr,
    end: existsSync(end) ? JSON.parse(await readFile(end, 'utf8')) : undefined,
  }
}

it('succeeds without a word when there is nothing to call', async () => {
  expect(await run([])).toEqual({ status: 0, printed: '', end: undefined })
})

it('leaves the reason of a failure beside its request', async () => {
  const { status, printed, end } = await run([call])
  expect({ status, end }).toEqual({ status: 1, end: { kind: 'failed', message: 'TypeError: fit is not a call' } })
  expect(printed).toBe('TypeError: fit is not a call\n')
})

it('leaves the version of a Node that is too old', async () => {
  const outdated = join(folder, 'outdated.cjs')
  await writeFile(
    outdated,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.5' } })`,
  )
  const { status, end } = await run([call], '--require', outdated)
  expect({ status, end }).toEqual({ status: 1, end: { kind: 'outdated', version: '20.19.5' } })
})
