import { MemoryFleet, systemClock } from 'graupel/engine'
import { poolId, workerIdOn } from 'graupel/model'
import { expect, test } from 'vitest'

const request = { pool: poolId('spot'), names: ['a', 'b'], requestId: 'r', region: 'local', shape: { isSpot: true } }

function makeFleet(launch: (name: string) => Promise<void> | void = () => {}) {
  const calls: string[] = []
  const host = {
    launch: (name: string) => {
      calls.push(`launch ${name}`)
      return launch(name)
    },
    remove: (name: string) => void calls.push(`remove ${name}`),
  }
  return { fleet: new MemoryFleet(host, systemClock), calls }
}

const namesOf = async (fleet: MemoryFleet) => (await fleet.list()).map(({ name, state }) => `${name} ${state}`)

test('a repeated launch makes no second machine of a name', async () => {
  const { fleet, calls } = makeFleet()
  expect(await fleet.launch(request)).toEqual({ kind: 'launched', names: ['a', 'b'] })
  await fleet.launch(request)
  expect(calls).toEqual(['launch a', 'launch b'])
  expect(await namesOf(fleet)).toEqual(['a running', 'b running'])
})

test('a machine boots until its launch has resolved', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { fleet } = makeFleet(() => promise)
  const launched = fleet.launch(request)
  expect(await namesOf(fleet)).toEqual(['a booting', 'b booting'])
  resolve()
  await launched
  expect(await namesOf(fleet)).toEqual(['a running', 'b running'])
})

test('a machine that cannot be launched is not there', async () => {
  const { fleet } = makeFleet((name) => (name === 'a' ? Promise.reject(new Error('no room')) : undefined))
  await expect(fleet.launch(request)).rejects.toThrow('no room')
  expect(await namesOf(fleet)).toEqual(['b running'])
})

test('a removed machine is gone, and removing it again is no error', async () => {
  const { fleet, calls } = makeFleet()
  await fleet.launch(request)
  await fleet.remove('a')
  await fleet.remove('a')
  fleet.forget('b')
  expect(await fleet.list()).toEqual([])
  expect(calls.filter((call) => call.startsWith('remove'))).toEqual(['remove a'])
})

test('a worker tells its machine by its id', () => {
  expect(makeFleet().fleet.machineOf(workerIdOn('graupel-spot-1', 1_700_000_000_000))).toBe('graupel-spot-1')
})
