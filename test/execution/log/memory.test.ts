import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../bench/log.ts', import.meta.url))

it('a log of 300 MiB, printed faster than it can be stored, takes little memory of the worker', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, '300', '300'])
  const { storedMebibytes, rssBeforeMebibytes, mostRssMebibytes } = JSON.parse(stdout)
  expect(storedMebibytes).toBe(300)
  expect(mostRssMebibytes - rssBeforeMebibytes).toBeLessThan(150)
})
