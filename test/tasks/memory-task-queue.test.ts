import { MemoryTaskQueue, type Task } from 'graupel/engine'
import { describe, onTestFinished } from 'vitest'
import { describeTaskQueue } from '../conformance/task-queue.ts'
import { StoppedClock } from '../task-server/stopped-clock.ts'

describe('tasks in memory', () =>
  describeTaskQueue(async () => {
    const clock = new StoppedClock()
    const received: Task[] = []
    let failures = 0
    const queue = new MemoryTaskQueue(clock, async (task) => {
      received.push(task)
      if (failures-- > 0) throw new Error('not yet')
    })
    onTestFinished(() => queue.close())
    return {
      queue,
      now: () => clock.now(),
      received: () => received,
      failNext: (times) => {
        failures = times
      },
      advance: async (ms) => clock.advance(ms),
    }
  }))
