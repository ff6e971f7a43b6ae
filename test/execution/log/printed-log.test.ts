import { systemClock } from 'graupel/execution'
import { describe, expect, it } from 'vitest'
import { LogRoom, maxPieceBytes } from '../../../client/src/execution/log/log-room.ts'
import { PrintedLog, usualPace } from '../../../client/src/execution/log/printed-log.ts'
import { VirtualClock } from '../worker/virtual-clock.ts'

const mebibyte = 2 ** 20

/** A log whose store is as slow, or as broken, as the test wants. */
const byNobody = async () => false

function openLog(store: (bytes: Uint8Array) => Promise<void>, room = new LogRoom(), clock = systemClock) {
  const pieces: { number: number; length: number; text: string }[] = []
  const log = new PrintedLog({
    storePiece: async (number, bytes) => {
      await store(bytes)
      // Large ones are not kept: a test of memory must not fill it.
      const text = bytes.byteLength < 100 ? Buffer.from(bytes).toString() : ''
      pieces.push({ number, length: bytes.byteLength, text })
    },
    clock,
    room,
    pace: { flushMs: 1000, slowestFlushMs: 15_000 },
    isFollowed: byNobody,
  })
  const text = () => pieces.map((piece) => piece.text).join('')
  return { log, pieces, room, text }
}

const atOnce = async () => undefined

/** A line a second: how long each waited until it was stored, and in how many pieces. */
async function printForLong(seconds: number, isFollowed: (second: number) => Promise<boolean>) {
  const clock = new VirtualClock()
  const lateMs: number[] = []
  let pieces = 0
  let second = 0
  const storePiece = async (_: number, bytes: Uint8Array) => {
    pieces += 1
    for (const line of Buffer.from(bytes).toString().trim().split('\n')) lateMs.push(clock.now() - Number(line))
  }
  const options = { storePiece, clock, room: new LogRoom(), pace: usualPace }
  const log = new PrintedLog({ ...options, isFollowed: () => isFollowed(second) })
  for (; second < seconds; second++) {
    log.print(Buffer.from(`${clock.now()}\n`))
    await clock.pass(1000)
  }
  await log.close()
  return { lateMs, pieces }
}

describe('a job that prints faster than the store takes', () => {
  it('is told to wait, until there is room again', async () => {
    const stored = Promise.withResolvers<void>()
    const { log } = openLog(() => stored.promise)
    expect(log.print(Buffer.alloc(mebibyte))).toBeUndefined()
    let isTold = false
    const told = Promise.resolve(log.print(Buffer.alloc(7 * mebibyte))).then(() => {
      isTold = true
    })
    await new Promise(setImmediate)
    expect(isTold).toBe(false)
    stored.resolve()
    await told
    await log.close()
  })

  it('never holds more than two pieces in memory, whatever it prints', async () => {
    const { log, room, pieces } = openLog(() => new Promise((resolve) => setImmediate(resolve)))
    const chunk = Buffer.alloc(64 * 1024, 'x')
    let most = 0
    for (let printed = 0; printed < 300 * mebibyte; printed += chunk.byteLength) {
      await log.print(chunk)
      most = Math.max(most, room.heldBytes)
    }
    const tail = await log.close()
    expect(most).toBeLessThanOrEqual(2 * maxPieceBytes)
    expect(pieces.reduce((sum, { length }) => sum + length, tail.byteLength)).toBe(300 * mebibyte)
    expect(room.heldBytes).toBe(0)
  })

  it('shares the room with all others of its worker', async () => {
    const room = new LogRoom()
    const store = () => new Promise<void>((resolve) => setImmediate(resolve))
    const logs = Array.from({ length: 60 }, () => openLog(store, room).log)
    const chunk = Buffer.alloc(64 * 1024)
    let most = 0
    const printMuch = async (log: PrintedLog) => {
      for (let printed = 0; printed < 6 * mebibyte; printed += chunk.byteLength) {
        await log.print(chunk)
        most = Math.max(most, room.heldBytes)
      }
      await log.close()
    }
    await Promise.all(logs.map(printMuch))
    expect(most).toBeLessThan(64 * mebibyte + 60 * 2 * mebibyte)
    expect(room.heldBytes).toBe(0)
  })
})

describe('pieces', () => {
  it('are numbered, and none is longer than 8 MiB', async () => {
    const { log, pieces } = openLog(atOnce)
    await log.print(Buffer.alloc(20_000_000, 'x'))
    const tail = await log.close()
    expect(pieces.map(({ number }) => number)).toEqual([0, 1, 2])
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(maxPieceBytes)
    expect(tail.byteLength).toBe(0)
  })

  it('are stored a second after a silence, and ever more rarely while printing goes on', async () => {
    const clock = new VirtualClock()
    const { log, text } = openLog(atOnce, new LogRoom(), clock)
    log.print(Buffer.from('a'))
    await clock.pass(1000)
    expect(text()).toBe('a')
    log.print(Buffer.from('b'))
    await clock.pass(1000)
    expect(text()).toBe('a')
    await clock.pass(250)
    expect(text()).toBe('ab')
    await clock.pass(60_000)
    log.print(Buffer.from('c'))
    await clock.pass(1000)
    expect(text()).toBe('abc')
    await log.close()
  })

  it('hold each line soon enough to be seen within two seconds', async () => {
    const { lateMs } = await printForLong(180, byNobody)
    expect(lateMs.length).toBeGreaterThan(170)
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(1200)
  })

  it('hold them as soon after hours of printing, if somebody follows', async () => {
    const { lateMs } = await printForLong(3600, async () => true)
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(1200)
  })

  it('are few after ten minutes if nobody follows, and soon enough again five seconds after somebody does', async () => {
    let isFollowed = false
    const { lateMs, pieces } = await printForLong(3600, async () => isFollowed)
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(15_000)
    expect(pieces).toBeLessThanOrEqual(500 + 3000 / 15)
    const followed = await printForLong(1200, async (second) => {
      isFollowed = second >= 1000
      return isFollowed
    })
    expect(Math.max(...followed.lateMs.slice(-190))).toBeLessThanOrEqual(1200)
  })

  it('that cannot be stored are missed by their number of bytes', async () => {
    let isBroken = true
    const { log, pieces } = openLog(async () => {
      if (isBroken) throw new Error('no')
    })
    await log.print(Buffer.alloc(maxPieceBytes))
    isBroken = false
    log.print(Buffer.from('after'))
    const tail = Buffer.from(await log.close()).toString()
    expect(pieces).toEqual([])
    expect(tail).toBe(`\n[graupel: ${maxPieceBytes} bytes of the log could not be stored]\nafter`)
  })
})

it('a short end is handed over, a long one is stored', async () => {
  const short = openLog(atOnce)
  short.log.print(Buffer.from('short'))
  expect(Buffer.from(await short.log.close()).toString()).toBe('short')
  const long = openLog(atOnce)
  long.log.print(Buffer.alloc(mebibyte))
  expect((await long.log.close()).byteLength).toBe(0)
  expect(long.pieces.length).toBe(1)
})
