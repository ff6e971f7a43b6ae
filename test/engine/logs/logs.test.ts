import { findLog, type LogPlace, readLogTail, readUsage } from 'graupel/engine'
import { systemClock, WorkerLogs } from 'graupel/execution'
import { type LogPart, objectPaths } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { followLog } from '../../../client/src/engine/logs/follow-log.ts'

let objects: MemoryObjectStore

beforeEach(() => {
  objects = new MemoryObjectStore()
})

const root = 'memory:///b'
const placeOf = (job: number, attempt = 1): LogPlace => ({ root, job, attempt })

const writePiece = (place: LogPlace, number: number, text: string) =>
  objects.write(objectPaths.logPiece(root, place.job, place.attempt, number), text)

/** All of them end at once, so that they share objects. */
async function writeEnds(...ends: { place: LogPlace; parts: Partial<Record<LogPart, string>> }[]): Promise<void> {
  const logs = new WorkerLogs({ objects, clock: systemClock })
  const partsOf = (parts: Partial<Record<LogPart, string>>) =>
    (['main', 'input', 'output', 'fault', 'usage'] as const).flatMap((part) => {
      const text = parts[part]
      return text === undefined ? [] : [{ part, bytes: Buffer.from(text) }]
    })
  await Promise.all(ends.map(({ place, parts }) => logs.store({ ...place, parts: partsOf(parts) })))
}

async function read(...args: [LogPlace, ('input' | 'main' | 'output')?]): Promise<string> {
  const { sizeBytes, chunks } = await findLog(objects, ...args)
  const bytes = Buffer.concat(await Array.fromAsync(chunks()))
  expect(bytes.byteLength).toBe(sizeBytes)
  return bytes.toString()
}

describe('a log', () => {
  it('is its pieces and then its end', async () => {
    const place = placeOf(3)
    await writePiece(place, 0, 'one ')
    await writePiece(place, 1, 'two ')
    expect(await read(place)).toBe('one two ')
    await writeEnds({ place, parts: { main: 'three' } })
    expect(await read(place)).toBe('one two three')
  })

  it('is in order however many pieces it has', async () => {
    const place = placeOf(3)
    for (const number of [1_000_001, 100_000, 1_000_000, 999_999]) await writePiece(place, number, `${number} `)
    expect(await read(place)).toBe('100000 999999 1000000 1000001 ')
  })

  it('of many small pieces is read many at a time, and of large ones few', async () => {
    for (let number = 0; number < 200; number++) await writePiece(placeOf(1), number, `${number} `)
    for (let number = 0; number < 5; number++) await writePiece(placeOf(2), number, 'x'.repeat(3_000_000))
    const asked: number[] = []
    const { read: readNow } = objects
    let reading = 0
    objects.read = async (...args) => {
      asked.push(++reading)
      return readNow.apply(objects, args).finally(() => reading--)
    }
    expect(await read(placeOf(1))).toBe(Array.from({ length: 200 }, (_, number) => `${number} `).join(''))
    expect(Math.max(...asked)).toBe(64)
    asked.length = 0
    expect((await read(placeOf(2))).length).toBe(15_000_000)
    expect(Math.max(...asked)).toBe(2)
  })

  it('is found among those of its neighbours, and of other attempts', async () => {
    const places = [placeOf(7), placeOf(8), placeOf(7, 2), placeOf(300)]
    await writeEnds(...places.map((place) => ({ place, parts: { main: `${place.job}.${place.attempt}` } })))
    expect(await Promise.all(places.map((place) => read(place)))).toEqual(['7.1', '8.1', '7.2', '300.1'])
    expect(await read(placeOf(8, 2))).toBe('')
    expect(await read(placeOf(9))).toBe('')
  })

  it('is found in a pack of very many', async () => {
    const places = Array.from({ length: 256 }, (_, index) => placeOf(index + 1))
    await writeEnds(...places.map((place) => ({ place, parts: { main: `${place.job};`, input: 'i', output: 'o' } })))
    expect(await read(placeOf(256))).toBe('256;')
  })

  it('has steps, and says what was wrong if nothing was printed', async () => {
    const failed = { input: 'fetched\nmissing\n', fault: 'missing\n' }
    await writeEnds({ place: placeOf(1), parts: failed }, { place: placeOf(2), parts: { ...failed, main: 'said' } })
    expect(await read(placeOf(1))).toBe('missing\n')
    expect(await read(placeOf(1), 'main')).toBe('')
    expect(await read(placeOf(1), 'input')).toBe('fetched\nmissing\n')
    expect(await read(placeOf(1), 'output')).toBe('')
    expect(await read(placeOf(2))).toBe('said')
  })
})

describe('the last lines of a log', () => {
  it('are those that were asked for', async () => {
    const place = placeOf(1)
    await writePiece(place, 0, '1\n2\n3\n')
    await writeEnds({ place, parts: { main: '4\n5\n' } })
    expect(await readLogTail(objects, place, 3)).toBe('3\n4\n5\n')
    expect(await readLogTail(objects, placeOf(2), 3)).toBe('')
  })

  it('are read from the last 64 KiB, however long it is', async () => {
    const place = placeOf(1)
    await writePiece(place, 0, 'x'.repeat(1_000_000))
    await writeEnds({ place, parts: { main: 'y\n' } })
    expect((await readLogTail(objects, place, 10)).length).toBe(64 * 1024)
  })

  it('say what was wrong if nothing was printed', async () => {
    await writeEnds({ place: placeOf(1), parts: { fault: 'no image\n' } })
    expect(await readLogTail(objects, placeOf(1), 10)).toBe('no image\n')
  })
})

describe('following', () => {
  const follow = async (place: LogPlace, steps: (() => Promise<unknown>)[]) => {
    let now = 0
    const pause = async () => {
      now += 10_000
      await steps.shift()?.()
    }
    const hasEnded = async () => steps.length === 0
    const chunks = await Array.fromAsync(followLog({ objects, place, hasEnded, now: () => now, pause }))
    return chunks.map((chunk) => Buffer.from(chunk).toString())
  }

  it('gives pieces as they come, and then the end', async () => {
    const place = placeOf(1)
    const chunks = await follow(place, [
      async () => undefined,
      () => writePiece(place, 0, 'one'),
      async () => {
        await writePiece(place, 1, 'two')
        await writePiece(place, 2, 'three')
      },
      () => writeEnds({ place, parts: { main: 'end', fault: 'missing output' } }),
    ])
    expect(chunks).toEqual(['one', 'two', 'three', 'end'])
  })

  it('begins with all that is there already', async () => {
    const place = placeOf(1)
    for (let number = 0; number < 3; number++) await writePiece(place, number, `${number}`)
    expect(await follow(place, [() => writePiece(place, 3, '3')])).toEqual(['0', '1', '2', '3'])
  })

  it('leaves a mark for the worker, anew every 20 seconds', async () => {
    const place = placeOf(1)
    const generations: (string | undefined)[] = []
    const look = async () => {
      const mark = await objects.stat(objectPaths.followed(place.root, place.job, place.attempt))
      generations.push(mark?.generation)
    }
    await follow(place, [look, look, look, look])
    expect(generations).not.toContain(undefined)
    expect(new Set(generations).size).toBe(2)
  })

  it('gives what was wrong if nothing was printed', async () => {
    const place = placeOf(1)
    expect(await follow(place, [() => writeEnds({ place, parts: { fault: 'no image' } })])).toEqual(['no image'])
  })

  it('ends with what there is when an attempt was lost', async () => {
    const place = placeOf(1)
    expect(await follow(place, [() => writePiece(place, 0, 'one')])).toEqual(['one'])
  })
})

describe('the usage of an attempt', () => {
  const stored = (cpu: number) => JSON.stringify({ samples: [{ at: 1, cpu, memoryBytes: 2, storageBytes: 3 }] })

  it('is what was stored while it ran, until it has ended', async () => {
    expect(await readUsage(objects, placeOf(1))).toEqual([])
    await objects.write(objectPaths.usage(root, 1, 1), stored(1))
    expect(await readUsage(objects, placeOf(1))).toMatchObject([{ cpu: 1 }])
    await writeEnds({ place: placeOf(1), parts: { usage: stored(2) } })
    expect(await readUsage(objects, placeOf(1))).toMatchObject([{ cpu: 2 }])
  })
})
