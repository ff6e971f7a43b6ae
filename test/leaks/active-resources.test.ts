import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { countActive, listExcess } from './active-resources.ts'

test('a listening server is a leak until it is closed', async () => {
  const before = countActive()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  expect(listExcess(before, countActive())).toEqual(['1 × listening server'])
  server.close()
  await expect.poll(() => listExcess(before, countActive())).toEqual([])
})

test('a child process is a leak until it has ended', async () => {
  const before = countActive()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  expect(listExcess(before, countActive())).toContain('1 × child process')
  child.kill('SIGKILL')
  await expect.poll(() => listExcess(before, countActive())).toEqual([])
})

test('a timer is a leak unless it is cleared or holds nothing up', () => {
  const before = countActive()
  const timer = setInterval(() => {}, 60_000)
  expect(listExcess(before, countActive())).toEqual(['1 × active timer'])
  timer.unref()
  expect(listExcess(before, countActive())).toEqual([])
  clearInterval(timer)
})
