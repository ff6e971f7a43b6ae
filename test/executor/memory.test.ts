import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BatchPoolExecutor, LocalBackend } from 'graupel'
import { expect, it } from 'vitest'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

it('a map whose values take 100 MiB together holds a small part of them', async () => {
  await using backend = new LocalBackend({ cpus: 2, tmpDir: await makeFolder() })
  await using pool = new BatchPoolExecutor({ backend })
  const lengthy = (x: number) => String(x).padStart(5, '0').repeat(410)
  const before = heapMebibytes()
  let seen = 0
  let most = 0
  for await (const value of pool.map(lengthy, Array(50_000).keys(), { chunkSize: 100, timeout: '1h' })) {
    if (Number(value.slice(0, 5)) !== seen++) throw new Error(`value ${seen} is ${value.slice(0, 5)}`)
    if (seen % 5000 === 0) most = Math.max(most, heapMebibytes())
  }
  expect(seen).toBe(50_000)
  expect(most - before).toBeLessThan(50)
})

function heapMebibytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 2 ** 20
}
