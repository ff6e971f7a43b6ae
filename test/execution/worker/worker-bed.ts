import { type AttemptHooks, startWorker, type Worker, type WorkerOptions } from 'graupel/execution'
import { type Assignment, type AttemptEnd, workerId } from 'graupel/model'
import { assignmentOf } from '../attempt-bed.ts'
import { ScriptedService } from './scripted-service.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Running {
  readonly assignment: Assignment
  readonly hooks: AttemptHooks
  readonly end: (end?: Partial<AttemptEnd>) => void
}

/** A worker whose attempts last until the test ends them, or for `jobMs`. */
export class WorkerBed {
  readonly clock = new VirtualClock()
  readonly service = new ScriptedService(this.clock)
  readonly running = new Map<number, Running>()
  readonly started: number[] = []
  readonly worker: Worker
  readonly #jobMs: number | undefined

  constructor(options: Partial<WorkerOptions> = {}, jobMs?: number) {
    this.#jobMs = jobMs
    this.worker = startWorker({
      id: workerId('machine.1'),
      total: { cpuMillis: 2000, memoryBytes: 2 ** 33, storageBytes: 2 ** 33 },
      maxJobs: 2,
      lanes: 1,
      service: this.service,
      clock: this.clock,
      runAttempt: (assignment, hooks) => this.#run(assignment, hooks),
      ...options,
    })
  }

  job(number: number, fields: Partial<Assignment> = {}): Assignment {
    return { ...assignmentOf({ job: number }), token: `token-${number}`, ...fields }
  }

  async stop(): Promise<void> {
    const stopped = this.worker.stop({ kind: 'stopped' })
    await this.clock.pass(60_000)
    await stopped
  }

  #run(assignment: Assignment, hooks: AttemptHooks): Promise<AttemptEnd> {
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>()
    const end = (fields: Partial<AttemptEnd> = {}) => {
      this.running.delete(assignment.job)
      resolve({ cause: 'success', ...fields })
    }
    this.started.push(assignment.job)
    this.running.set(assignment.job, { assignment, hooks, end })
    hooks.onStarted(this.clock.now())
    const kind = () => Object(hooks.signal.reason).kind
    hooks.signal.addEventListener('abort', () => end({ cause: kind() === 'stopped' ? 'stopped' : 'infrastructure' }))
    if (this.#jobMs !== undefined) void this.clock.sleep(this.#jobMs, hooks.signal).then(() => end())
    return promise
  }
}
