import { UsageSampler } from 'graupel/execution'
import { expect, it } from 'vitest'
import { VirtualClock } from '../worker/virtual-clock.ts'

const reading = { cpuMs: 1, memoryBytes: 2, storageBytes: 3 }

function openSampler() {
  const clock = new VirtualClock()
  const begun = clock.now()
  const looks: number[] = []
  const sampler = new UsageSampler(clock)
  const watch = () =>
    sampler.watch(
      async () => reading,
      (at) => looks.push(at - begun),
    )
  return { clock, looks, sampler, watch }
}

it('looks first after a second, then ever more rarely, and at least every five seconds', async () => {
  const { clock, looks, sampler, watch } = openSampler()
  const stop = watch()
  await clock.pass(999)
  expect(looks).toEqual([])
  await clock.pass(1001)
  expect(looks).toEqual([1000, 2000])
  await clock.pass(598_000)
  const last = looks.at(-1) ?? 0
  expect(last - (looks.at(-2) ?? 0)).toBe(5000)
  expect(looks.length).toBeLessThan(170)
  stop()
  await clock.pass(10_000)
  expect(looks.at(-1)).toBe(last)
  await sampler.close()
})

it('does nothing when nothing is watched', async () => {
  const { clock, sampler, watch } = openSampler()
  watch()()
  await clock.pass(1000)
  expect(clock.sleeping).toBe(0)
  await sampler.close()
})

it('goes on when it cannot look', async () => {
  const clock = new VirtualClock()
  const sampler = new UsageSampler(clock)
  let looks = 0
  const answers = [() => Promise.reject(new Error('gone')), async () => undefined, async () => reading]
  sampler.watch(
    () => (answers.shift() ?? (async () => undefined))(),
    () => {
      looks += 1
    },
  )
  await clock.pass(5000)
  expect(looks).toBe(1)
  await sampler.close()
})
