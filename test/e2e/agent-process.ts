import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { killProcessesOf } from 'graupel/execution'
import { readConfig } from '../../worker-vm/src/config.ts'
import { FakeKernel } from '../worker-vm/fake-kernel.ts'
import type { FakeTopics } from '../worker-vm/fake-topics.ts'

const main = new URL('../../worker-vm/src/main.ts', import.meta.url).pathname

/** The agent of a machine, as a process, with a service of its own to ask for work. */
export class AgentProcess {
  readonly kernel = new FakeKernel()
  readonly name = `agent-${crypto.randomUUID()}`
  readonly #scratch: string
  readonly #topics: FakeTopics
  #child: ChildProcess | undefined

  constructor(scratch: string, topics: FakeTopics) {
    this.#scratch = scratch
    this.#topics = topics
  }

  static async make(scratch: string, topics: FakeTopics): Promise<AgentProcess> {
    const agent = new AgentProcess(scratch, topics)
    await agent.kernel.start()
    return agent
  }

  /** What its processes and containers are marked with. */
  get agent(): string {
    return readConfig(this.#environment()).agent
  }

  /** Resolves when it has ended, with its exit code and signal. */
  async run(variables: Record<string, string> = {}): Promise<unknown[]> {
    const child = spawn(process.execPath, [main], {
      env: { ...this.#environment(), ...variables },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#child = child
    return once(child, 'exit')
  }

  /** Tells it that its machine is taken away. */
  stop(): void {
    this.#child?.kill('SIGTERM')
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await this.kernel.stop()
    await killProcessesOf(this.agent)
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      GRAUPEL_WORKER_NAME: this.name,
      GRAUPEL_KERNEL_URLS: this.kernel.url,
      GRAUPEL_PROJECT: 'test',
      GRAUPEL_SCRATCH: this.#scratch,
      GRAUPEL_IDLE_MS: '500',
      GRAUPEL_GRACE_MS: '500',
      GRAUPEL_EXPLAIN_MS: '0',
      PUBSUB_EMULATOR_HOST: this.#topics.host,
      METADATA_SERVER_DETECTION: 'none',
    }
  }
}
