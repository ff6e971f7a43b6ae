import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blockMetadata, isRealMetadata, metadataRules } from '../../worker-vm/src/block-metadata.ts'
import { dockerChain, findIptables, removeRules } from '../../worker-vm/src/firewall.ts'
import { ContainerBed } from './container-bed.ts'
import { OtherMachine, reasonToSkipNetwork } from './other-machine.ts'
import { makeImage, removeImage } from './tiny-image.ts'

const run = promisify(execFile)

/** Link-local as the metadata server's, and nobody's: this machine's own, if it has one, is left alone. */
const address = '169.254.77.77'
const image = `graupel-metadata-${crypto.randomUUID()}`

const reason = await reasonToSkipNetwork()

/** Answers on the port of names and on that of the web. */
const server = `
  const { createServer } = require('node:http')
  const ports = [53, 80]
  let left = ports.length
  for (const port of ports)
    createServer((_, response) => response.end('secret\\n')).listen(port, '${address}', () => --left || console.log('ready'))`

describe.skipIf(reason !== undefined)('a container', () => {
  let other: OtherMachine
  let bed: ContainerBed

  beforeAll(async () => {
    await makeImage(image, ['sh', 'nc'])
    other = await OtherMachine.connect(address)
    await other.serve(server)
  })

  afterAll(async () => {
    await removeRules(dockerChain, metadataRules(address))
    await other.remove()
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
    const { stdout } = await run(await findIptables(), ['--wait', '-S', dockerChain])
    expect(stdout.split('\n').filter((line) => line.includes(address))).toHaveLength(3)
  })
})

it('is told from a stand-in by its address', () => {
  expect(isRealMetadata('http://169.254.169.254')).toBe(true)
  expect(isRealMetadata('http://metadata.google.internal')).toBe(true)
  expect(isRealMetadata('http://127.0.0.1:8080')).toBe(false)
})
