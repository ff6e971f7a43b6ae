import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blockMetadata, isRealMetadata, metadataRules } from '../../worker-vm/src/block-metadata.ts'
import { ContainerBed } from './container-bed.ts'
import { makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const run = promisify(execFile)

/** Link-local as the metadata server's, and nobody's: this machine's own, if it has one, is left alone. */
const address = '169.254.77.77'
const image = `graupel-metadata-${crypto.randomUUID()}`
const space = `graupel-${process.pid}`

async function reasonToSkipNetwork(): Promise<string | undefined> {
  const reason = (await reasonToSkip()) ?? (process.getuid?.() === 0 ? undefined : 'only root may change the network')
  if (reason !== undefined) return reason
  const found = await run('sh', ['-c', 'command -v ip && iptables --wait -S DOCKER-USER']).catch(() => undefined)
  if (found !== undefined) return undefined
  console.log("the test of the network is skipped: 'ip' or Docker's chain in iptables is missing")
  return 'no network to change'
}

const reason = await reasonToSkipNetwork()

/** Answers on the port of names and on that of the web. */
const server = `
  const { createServer } = require('node:http')
  const ports = [53, 80]
  let left = ports.length
  for (const port of ports)
    createServer((_, response) => response.end('secret\\n')).listen(port, '${address}', () => --left || console.log('ready'))`

/** Another machine on the network: a cable to a network of its own, with a server at its end. */
async function startOtherMachine(): Promise<ChildProcess> {
  await run('ip', ['netns', 'add', space])
  await run('ip', ['link', 'add', 'grtest0', 'type', 'veth', 'peer', 'name', 'grtest1', 'netns', space])
  await run('ip', ['addr', 'add', '169.254.77.1/24', 'dev', 'grtest0'])
  await run('ip', ['link', 'set', 'grtest0', 'up'])
  for (const args of [
    ['addr', 'add', `${address}/24`, 'dev', 'grtest1'],
    ['link', 'set', 'grtest1', 'up'],
  ])
    await run('ip', ['-n', space, ...args])
  const child = spawn('ip', ['netns', 'exec', space, process.execPath, '-e', server], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout !== null) await once(child.stdout, 'data')
  return child
}

async function removeRules(): Promise<void> {
  for (const rule of metadataRules(address))
    await run('iptables', ['--wait', '-D', 'DOCKER-USER', ...rule]).catch(() => undefined)
}

describe.skipIf(reason !== undefined)('a container', () => {
  let other: ChildProcess
  let bed: ContainerBed

  beforeAll(async () => {
    await makeImage(image, ['sh', 'nc'])
    other = await startOtherMachine()
  })

  afterAll(async () => {
    await removeRules()
    other.kill('SIGKILL')
    await once(other, 'exit')
    await run('ip', ['netns', 'del', space])
    await run('ip', ['link', 'del', 'grtest0']).catch(() => undefined)
    await removeImage(image)
  })

  beforeEach(async () => {
    bed = await ContainerBed.make({ image })
  })

  afterEach(() => bed.close())

  const fetchFrom = async (port: number) =>
    (await bed.run({ script: `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${address} ${port}` })).cause

  it('reaches the metadata server for names only, once that is blocked', async () => {
    expect(await fetchFrom(80), await bed.log()).toBe('success')
    await blockMetadata(address)
    expect(await fetchFrom(80)).toBe('failed')
    expect(await fetchFrom(53)).toBe('success')
    const response = await fetch(`http://${address}/`)
    expect(await response.text()).toBe('secret\n')
  })

  it('is kept from it by the same few rules, however often they are asked for', async () => {
    await blockMetadata(address)
    await blockMetadata(address)
    const { stdout } = await run('iptables', ['--wait', '-S', 'DOCKER-USER'])
    expect(stdout.split('\n').filter((line) => line.includes(address))).toHaveLength(3)
  })
})

it('is told from a stand-in by its address', () => {
  expect(isRealMetadata('http://169.254.169.254')).toBe(true)
  expect(isRealMetadata('http://metadata.google.internal')).toBe(true)
  expect(isRealMetadata('http://127.0.0.1:8080')).toBe(false)
})
