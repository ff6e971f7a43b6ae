import { expect, it } from 'vitest'
import { RepeatedLook } from '../../../client/src/execution/sandbox/repeated-look.ts'

/** Time passes when the test says so. */
class SteppedClock {
  readonly #sleeping = new Set<() => void>()
  readonly pausesMs: number[] = []
  now = () => 0

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      this.pausesMs.push(ms)
      const wake = () => {
        this.#sleeping.delete(wake)
        resolve()
      }
      this.#sleeping.add(wake)
      signal?.addEventListener('abort', wake)
    })

  get sleepers(): number {
    return this.#sleeping.size
  }

  async step(): Promise<void> {
    for (const wake of [...this.#sleeping]) wake()
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
}

const open = (look: (items: readonly string[]) => Promise<void>) => {
  const clock = new SteppedClock()
  return { clock, repeated: new RepeatedLook<string>({ clock, pauseMs: 100, look }) }
}

it('looks at all items at once, after a pause, as long as there are any', async () => {
  const seen: string[] = []
  const { clock, repeated } = open(async (items) => void seen.push(items.join(' ')))
  const removeA = repeated.add('a')
  const removeB = repeated.add('b')
  expect(seen).toEqual([])
  await clock.step()
  removeA()
  await clock.step()
  removeB()
  await clock.step()
  expect(seen).toEqual(['a b', 'b'])
  expect(clock.sleepers).toBe(0)
})

it('begins again with the next item', async () => {
  const seen: string[] = []
  const { clock, repeated } = open(async (items) => void seen.push(items.join(' ')))
  repeated.add('a')()
  await clock.step()
  repeated.add('b')
  await clock.step()
  expect(seen).toEqual(['b'])
  expect(clock.sleepers).toBe(1)
})

it('goes on after a look that failed', async () => {
  let looks = 0
  const { clock, repeated } = open(async () => {
    looks++
    throw new Error('gone')
  })
  repeated.add('a')
  await clock.step()
  await clock.step()
  expect(looks).toBe(2)
})

it('looks less often the longer it takes', async () => {
  const { clock, repeated } = open(async () => {
    const end = performance.now() + 10
    while (performance.now() < end);
  })
  repeated.add('a')
  await clock.step()
  expect(clock.pausesMs[0]).toBe(100)
  expect(clock.pausesMs[1]).toBeGreaterThanOrEqual(500)
})
