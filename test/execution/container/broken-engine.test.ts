import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Docker from 'dockerode'
import { systemClock } from 'graupel/execution'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Images } from '../../../client/src/execution/container/images.ts'

const image = 'r.example/a:b'
const { signal } = new AbortController()

/** A Docker engine that has one image, until it breaks. */
let engine: Server
let asked: string[]

beforeEach(async () => {
  asked = []
  engine = createServer((request, response) => {
    asked.push(request.url ?? '')
    const isVersion = request.url?.endsWith('/version')
    const here = { Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', RepoDigests: [] }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isVersion ? { Os: 'linux', Arch: 'amd64' } : here))
  })
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve))
})

afterEach(() => stop())

const open = (options: { hasEngine?: boolean } = {}) => {
  const { port } = engine.address() as AddressInfo
  const docker = new Docker({ protocol: 'http', host: '127.0.0.1', port })
  return new Images({ clock: systemClock, ...options }, async () => docker)
}

async function stop(): Promise<void> {
  if (!engine.listening) return
  await new Promise((resolve) => {
    engine.close(resolve)
    engine.closeAllConnections()
  })
}

describe('an engine that does not answer', () => {
  it('is what the job asks for in vain, where there has never been one', async () => {
    const images = open()
    await stop()
    await expect(images.ensure(image, signal)).rejects.toMatchObject({
      faultCause: 'image',
      message: expect.stringContaining('Docker cannot be reached'),
    })
  })

  it('has broken, if it has answered before', async () => {
    const images = open()
    expect(await images.ensure(image, signal)).toBe('sha256:1')
    await stop()
    await expect(images.ensure(image, signal)).rejects.toMatchObject({ faultCause: 'infrastructure' })
  })

  it('has broken, where it is a part of the machine', async () => {
    const images = open({ hasEngine: true })
    await stop()
    await expect(images.ensure(image, signal)).rejects.toMatchObject({ faultCause: 'infrastructure' })
  })
})

it.each(['Bad Name', 'a b', '--help', 'ü'])('is not asked for %s, which is no name of an image', async (name) => {
  await expect(open().ensure(name, signal)).rejects.toMatchObject({
    faultCause: 'image',
    message: expect.stringContaining(`'${name}' is not the name of an image`),
  })
  expect(asked).toEqual([])
})
