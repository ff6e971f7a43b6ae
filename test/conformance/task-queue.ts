import type { Task, TaskQueue } from 'graupel/engine'
import { expect, test, vi } from 'vitest'

export interface TaskQueueUnderTest {
  readonly queue: TaskQueue
  /** What `at` is measured by. */
  now(): number
  /** Tasks that reached their handler, each time they did. */
  received(): readonly Task[]
  /** The next so many calls of the handler fail. */
  failNext(times: number): void
  /** Lets time pass. */
  advance(ms: number): Promise<void>
}

const patienceMs = 20_000
const hourMs = 60 * 60 * 1000

/** What provisioning and sweeping rely on, whatever carries the tasks. */
export function describeTaskQueue(makeQueue: () => Promise<TaskQueueUnderTest>): void {
  const arrived = (bed: TaskQueueUnderTest, count: number) =>
    vi.waitFor(() => expect(bed.received()).toHaveLength(count), patienceMs)

  test('a task that is due arrives as it was given, at the queue it was given to', async () => {
    const bed = await makeQueue()
    const body = { pool: 'n2-4', text: 'ünï "x"\n', list: [1, null, true], nested: {} }
    const task: Task = { queue: 'provision', name: 'pool/n2-4 window:17', at: bed.now() - 5, body }
    expect(await bed.queue.enqueue(task)).toBe('created')
    await arrived(bed, 1)
    const sweep: Task = { queue: 'sweep', name: 'window-1', at: bed.now(), body: 7 }
    await bed.queue.enqueue(sweep)
    await arrived(bed, 2)
    expect(bed.received()).toEqual([task, sweep])
  })

  test('a task does not arrive before its time', async () => {
    const bed = await makeQueue()
    await bed.queue.enqueue({ queue: 'sweep', name: 'late', at: bed.now() + 5000, body: {} })
    await bed.queue.enqueue({ queue: 'sweep', name: 'early', at: bed.now() + 1000, body: {} })
    await bed.advance(999)
    expect(bed.received()).toEqual([])
    await bed.advance(1)
    await arrived(bed, 1)
    await bed.advance(3999)
    expect(bed.received()).toHaveLength(1)
    await bed.advance(1)
    await arrived(bed, 2)
    expect(bed.received().map(({ name }) => name)).toEqual(['early', 'late'])
  })

  test('a name is accepted once, also after its task has run, and again when an hour has passed', async () => {
    const bed = await makeQueue()
    const enqueue = (queue: Task['queue'] = 'sweep') =>
      bed.queue.enqueue({ queue, name: 'once', at: bed.now(), body: {} })
    const answers = await Promise.all([enqueue(), enqueue(), enqueue()])
    expect(answers.toSorted()).toEqual(['created', 'exists', 'exists'])
    await arrived(bed, 1)
    expect(await enqueue()).toBe('exists')
    expect(await enqueue('provision')).toBe('created')
    await arrived(bed, 2)
    await vi.waitFor(async () => {
      await bed.advance(hourMs)
      expect(await enqueue()).toBe('created')
    }, patienceMs)
    await arrived(bed, 3)
  })

  test('a task comes again until its handler succeeds', async () => {
    const bed = await makeQueue()
    bed.failNext(3)
    const task: Task = { queue: 'sweep', name: 'stubborn', at: bed.now(), body: { n: 1 } }
    await bed.queue.enqueue(task)
    await vi.waitFor(async () => {
      await bed.advance(60_000)
      expect(bed.received()).toHaveLength(4)
    }, patienceMs)
    expect(bed.received()).toEqual([task, task, task, task])
    await bed.advance(hourMs / 2)
    expect(bed.received()).toHaveLength(4)
  })

  test('names that differ only where Cloud Tasks allows no letters are different', async () => {
    const bed = await makeQueue()
    for (const name of ['a/b', 'a b', 'a_b']) {
      expect(await bed.queue.enqueue({ queue: 'sweep', name, at: bed.now(), body: {} })).toBe('created')
    }
    await arrived(bed, 3)
  })
}
