import { AttemptFault, systemClock } from 'graupel/execution'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Images, type ImagesOptions } from '../../client/src/execution/container/images.ts'
import { type ImageContent, imageOf } from './served-image.ts'
import { archiveOf, docker, reasonToSkip, removeImage } from './tiny-image.ts'
import { TinyRegistry } from './tiny-registry.ts'

const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('the images of a machine', () => {
  const registry = new TinyRegistry()
  const used = new Set<string>()
  let host = ''
  let archive: Buffer
  let nowMs = 0
  /** Pauses between tries are skipped, and time passes when the test says so. */
  const clock: ImagesOptions['clock'] = {
    now: () => nowMs,
    sleep: (ms, signal) => (ms > 60_000 ? systemClock.sleep(ms, signal) : Promise.resolve()),
  }

  beforeAll(async () => {
    host = await registry.listen()
    archive = await archiveOf(['sh'])
  })

  afterAll(async () => {
    for (const image of used) await removeImage(image)
    registry.close()
  })

  beforeEach(() => {
    registry.login = undefined
    registry.tagRequests = 0
    registry.failures.length = 0
  })

  /** A name that no other test has. */
  const serve = (options: Partial<ImageContent> = {}, name = `image-${crypto.randomUUID()}`): string => {
    registry.add(name, 'v1', imageOf({ archive, label: crypto.randomUUID(), ...options }))
    const image = `${host}/${name}:v1`
    used.add(image)
    return image
  }

  const open = (options: Partial<ImagesOptions> = {}) => new Images({ clock, ...options }, async () => docker)
  const never = new AbortController().signal
  const faultOf = async (promise: Promise<unknown>): Promise<AttemptFault> => {
    const error = await promise.then(
      () => new Error('there is no fault'),
      (caught: unknown) => caught,
    )
    if (error instanceof AttemptFault) return error
    throw error
  }

  it('are pulled once for all who wait, and not again while they are here', async () => {
    const image = serve()
    const images = open()
    const ids = await Promise.all([1, 2, 3, 4].map(() => images.ensure(image, never)))
    expect(new Set(ids).size).toBe(1)
    expect(await images.ensure(image, never)).toBe(ids[0])
    expect(await open().ensure(image, never)).toBe(ids[0])
    const requestsOfOnePull = registry.tagRequests
    const other = serve()
    registry.tagRequests = 0
    await images.ensure(other, never)
    expect(registry.tagRequests).toBe(requestsOfOnePull)
  })

  it('are asked for again once in a period, so that a moved tag is seen by all jobs alike', async () => {
    const name = `image-${crypto.randomUUID()}`
    const image = serve({}, name)
    const images = open({ imageRefreshMs: 1000 })
    const before = await images.ensure(image, never)
    serve({}, name)
    expect(await images.ensure(image, never)).toBe(before)
    nowMs += 1000
    const after = await images.ensure(image, never)
    expect(after).not.toBe(before)
    registry.tagRequests = 0
    expect(await images.ensure(image, never)).toBe(after)
    expect(registry.tagRequests).toBe(0)
    await removeImage(before)
  })

  it('stay usable while their registry has passing trouble', async () => {
    const image = serve()
    const images = open({ imageRefreshMs: 1000 })
    const id = await images.ensure(image, never)
    nowMs += 1000
    registry.failures.push(...Array.from({ length: 20 }, () => ({ status: 503, code: 'UNAVAILABLE' })))
    expect(await images.ensure(image, never)).toBe(id)
  })

  it('are pulled again after passing trouble', async () => {
    const image = serve()
    registry.failures.push({ status: 503, code: 'UNAVAILABLE' }, { status: 503, code: 'UNAVAILABLE' })
    await open().ensure(image, never)
  })

  it('are pulled with the credentials for their registry', async () => {
    registry.login = 'someone:secret'
    const image = serve()
    const authOf = async () => ({ username: 'someone', password: 'secret', serveraddress: host })
    await open({ authOf }).ensure(image, never)
    expect(registry.tagRequests).toBeGreaterThan(0)
  })

  it('of Docker Hub come from the mirror, with its credentials, once for all the names that they have', async () => {
    registry.login = 'someone:secret'
    const name = `image-${crypto.randomUUID()}`
    const pulledAs = serve({}, `hub/library/${name}`)
    const asked: string[] = []
    const authOf = async (image: string) => {
      asked.push(image)
      return { username: 'someone', password: 'secret', serveraddress: host }
    }
    const images = open({ authOf, dockerHubMirror: `${host}/hub` })
    const id = await images.ensure(`${name}:v1`, never)
    expect(await images.ensure(`docker.io/library/${name}:v1`, never)).toBe(id)
    expect(asked).toEqual([pulledAs])
  })

  it('of Docker Hub that do not exist are told of by the name that the job gives', async () => {
    const fault = await faultOf(open({ dockerHubMirror: `${host}/hub` }).ensure('no/such503:image', never))
    expect(fault).toMatchObject({ faultCause: 'image', message: expect.stringContaining('does not exist') })
    expect(fault.message).toMatch(/^The image no\/such503:image /)
  })

  it('name the registry that wants credentials', async () => {
    registry.login = 'someone:secret'
    const fault = await faultOf(open().ensure(serve(), never))
    expect(fault).toMatchObject({ faultCause: 'image', message: expect.stringContaining('wants credentials') })
  })

  it('name what does not exist', async () => {
    const image = `${host}/no/such503:image`
    const fault = await faultOf(open().ensure(image, never))
    expect(fault).toMatchObject({ faultCause: 'image', message: expect.stringContaining('does not exist') })
    expect(fault.message).toContain(image)
  })

  it('name what is forbidden', async () => {
    registry.failures.push(...Array.from({ length: 9 }, () => ({ status: 403, code: 'DENIED' })))
    const fault = await faultOf(open().ensure(serve(), never))
    expect(fault).toMatchObject({ faultCause: 'image', message: expect.stringContaining('may not be pulled') })
  })

  it('blame nobody while the registry has trouble, after three tries', async () => {
    registry.failures.push(...Array.from({ length: 99 }, () => ({ status: 500, code: 'UNKNOWN' })))
    const fault = await faultOf(open().ensure(serve(), never))
    expect(fault).toMatchObject({ faultCause: 'infrastructure', message: expect.stringContaining('500') })
  })

  it('are refused if they are made for another platform, also when they are here', async () => {
    const image = serve({ architecture: 's390x' })
    for (const images of [open(), open()]) {
      const fault = await faultOf(images.ensure(image, never))
      expect(fault).toMatchObject({ faultCause: 'image', message: expect.stringContaining('linux/s390x') })
    }
  })
})
