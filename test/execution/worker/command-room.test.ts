import { CommandRoom } from 'graupel/execution'
import type { Assignment } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { template } from '../../engine/batch-fixtures.ts'
import { assignmentOf } from '../attempt-bed.ts'

const total = { cpuMillis: 2000, memoryBytes: 2 ** 40, storageBytes: 2 ** 40 }
const open = new AbortController().signal

const wanting = (cores: number): Assignment => ({
  ...assignmentOf({}),
  template: { ...template({}), cpuMillis: cores * 1000 },
  memoryBytes: 1,
})

/** Who has been let in so far, and a way to ask without waiting. */
function door(room: CommandRoom) {
  const inside: string[] = []
  const leaves = new Map<string, () => void>()
  const come = (name: string, cores: number, signal = open) =>
    room.enter(wanting(cores), signal).then((leave) => {
      inside.push(name)
      leaves.set(name, leave)
    })
  return { inside, come, leave: (name: string) => leaves.get(name)?.() }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('room for commands', () => {
  test('is given as far as it goes, and then in the order in which they came', async () => {
    const { inside, come, leave } = door(new CommandRoom(total))
    void come('a', 1)
    void come('b', 1)
    void come('c', 2)
    void come('d', 1)
    await settled()
    expect(inside).toEqual(['a', 'b'])
    leave('a')
    await settled()
    expect(inside).toEqual(['a', 'b'])
    leave('b')
    await settled()
    expect(inside).toEqual(['a', 'b', 'c'])
    leave('c')
    await settled()
    expect(inside).toEqual(['a', 'b', 'c', 'd'])
  })

  test('is all given to a job that asks for more than there is', async () => {
    const { inside, come, leave } = door(new CommandRoom(total))
    void come('large', 64)
    void come('small', 1)
    await settled()
    expect(inside).toEqual(['large'])
    leave('large')
    await settled()
    expect(inside).toEqual(['large', 'small'])
  })

  test('is not waited for once the attempt is over, and holds nobody else up', async () => {
    const { inside, come, leave } = door(new CommandRoom(total))
    const over = new AbortController()
    void come('a', 1)
    void come('given up', 2, over.signal)
    void come('b', 1)
    await settled()
    over.abort('stopped')
    await settled()
    expect(inside).toEqual(['a', 'given up', 'b'])
    leave('given up')
    void come('c', 1)
    await settled()
    expect(inside).not.toContain('c')
  })
})
