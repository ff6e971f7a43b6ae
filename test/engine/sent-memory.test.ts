import { describe, expect, test } from 'vitest'
import { SentMemory } from '../../client/src/engine/sent-memory.ts'

interface Fact {
  readonly key: string
}

function memory() {
  const sent: string[][] = []
  const failing = { now: false }
  const told = new SentMemory<string, Fact>(async (effects) => {
    if (failing.now) throw new Error('the bus is away')
    sent.push(effects.map((effect) => effect.key))
  })
  return { told, sent, failing }
}

const facts = (...keys: string[]): Fact[] => keys.map((key) => ({ key }))

describe('the memory of what was sent', () => {
  test('sends each fact once, however often it follows', async () => {
    const { told, sent } = memory()
    await told.tell(facts('a', 'b'), 'record')
    await told.tell(facts('a', 'b', 'c'), 'record')
    expect(sent).toEqual([['a', 'b'], ['c']])
  })

  test('sends again what failed to be sent', async () => {
    const { told, sent, failing } = memory()
    failing.now = true
    await expect(told.tell(facts('a'), 'record')).rejects.toThrow('away')
    failing.now = false
    await told.tell(facts('a'), 'record')
    expect(sent).toEqual([['a']])
  })

  test('sends everything again once it is told to forget', async () => {
    const { told, sent } = memory()
    await told.tell(facts('a'), 'record')
    told.forget()
    await told.tell(facts('a'), 'record')
    expect(sent).toEqual([['a'], ['a']])
  })

  test('offers what was sent for storing until a commit has stored it', async () => {
    const { told } = memory()
    await told.tell(facts('a', 'b'), 'record')
    expect(told.unsaved).toHaveLength(2)
    told.saved(told.unsaved)
    expect(told.unsaved).toHaveLength(0)
  })
})
