import fc from 'fast-check'
import { isTerminal, stateOf } from 'graupel/model'
import { expect, test } from 'vitest'
import { LooseDelivery, randomNumbers, type Weather } from './loose-delivery.ts'
import { expectedOutcome, type RandomBatch, randomBatch } from './random-batches.ts'

const seed = fc.integer({ min: 0, max: 2 ** 31 })

function deliver(batch: RandomBatch, number: number, weather: Partial<Weather>): LooseDelivery {
  const delivery = new LooseDelivery(batch, {
    random: randomNumbers(number),
    repeats: 0,
    losses: 0,
    cancels: 0,
    ...weather,
  })
  delivery.run()
  return delivery
}

test('any order of delivery, with repeats, comes to the one outcome that the graph and its jobs have', () => {
  fc.assert(
    fc.property(randomBatch, seed, (batch, number) => {
      const delivery = deliver(batch, number, { repeats: 0.4 })
      expect(delivery.letters).toBe(expectedOutcome(batch))
    }),
    { numRuns: 150 },
  )
})

test('lost edges come again when the sweep asks for them, and the outcome is the same', () => {
  fc.assert(
    fc.property(randomBatch, seed, (batch, number) => {
      const delivery = deliver(batch, number, { repeats: 0.2, losses: 0.3 })
      expect(delivery.letters).toBe(expectedOutcome(batch))
    }),
    { numRuns: 150 },
  )
})

test('a cancelled batch ends, and what always runs is not cancelled', () => {
  fc.assert(
    fc.property(randomBatch, seed, (batch, number) => {
      const delivery = deliver(batch, number, { repeats: 0.2, losses: 0.1, cancels: 0.02 })
      const states = Array.from(delivery.letters, stateOf)
      expect(states.every(isTerminal)).toBe(true)
      for (const [index, { template }] of batch.graph.entries())
        if (template?.alwaysRun === true) expect(states[index]).not.toBe('Cancelled')
    }),
    { numRuns: 150 },
  )
})

test('without losses no sweep is needed', () => {
  fc.assert(
    fc.property(randomBatch, seed, (batch, number) => {
      expect(deliver(batch, number, { repeats: 0.3 }).sweeps).toBe(0)
    }),
    { numRuns: 100 },
  )
})
