import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MemoryObjectStore } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostFolder } from '../../../client/src/execution/sandbox/host-folder.ts'

const uri = 'memory:///stored'
const objects = new MemoryObjectStore()

let scratch: string
let host: HostFolder
let files: string
let commands: Worker

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'graupel-outputs-')))
  const folder = join(scratch, 'attempt')
  files = join(folder, 'files')
  host = new HostFolder({ folder, objects, localInputs: 'copy', links: { hostRoot: files, innerRoot: '/io/batch/x' } })
  await host.make()
  await host.makeFolder('job')
  await writeFile(join(scratch, 'secret'), 'of the machine')
})

afterEach(async () => {
  await commands.terminate()
  await rm(scratch, { recursive: true, force: true })
})

describe('commands that change their files while they are read', () => {
  const swap = (program: string) => {
    commands = new Worker(`const fs = require('node:fs'); for (;;) { ${program} }`, { eval: true })
  }
  /** Stores `path` again and again until it was refused and stored so often. */
  const storeOften = async (path: string, mayChange: boolean) => {
    const seen = new Set<string>()
    let refused = 0
    for (let stored = 0; stored < 40 || refused < 40; ) {
      try {
        await host.stageOut(path, uri, { mayChange })
        seen.add(Buffer.from(await objects.read(uri)).toString())
        stored++
      } catch {
        refused++
      }
    }
    return [...seen]
  }

  it.each([true, false])(
    'cannot have a file of the machine stored by a link in its place (copied: %s)',
    async (mayChange) => {
      const file = join(files, 'job/f')
      await writeFile(file, 'own')
      swap(`fs.writeFileSync('${file}n', 'own'); fs.renameSync('${file}n', '${file}')
      fs.symlinkSync('${scratch}/secret', '${file}n'); fs.renameSync('${file}n', '${file}')`)
      expect(await storeOften('job/f', mayChange)).toEqual(['own'])
    },
  )

  it('cannot by a link in the place of a folder around it', async () => {
    const folder = join(files, 'job/d')
    await mkdir(join(scratch, 'elsewhere'))
    await writeFile(join(scratch, 'elsewhere/f'), 'of the machine')
    await mkdir(folder)
    await writeFile(join(folder, 'f'), 'own')
    swap(`fs.renameSync('${folder}', '${folder}2'); fs.symlinkSync('${scratch}/elsewhere', '${folder}')
      fs.unlinkSync('${folder}'); fs.renameSync('${folder}2', '${folder}')`)
    expect(await storeOften('job/d/f', true)).toEqual(['own'])
  })
})
