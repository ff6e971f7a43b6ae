import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Launch, LaunchReport } from './launcher-messages.ts'

/** How a started process ended. */
export interface Exit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Launched {
  readonly pid: number
  readonly exited: Promise<Exit>
}

/** The process could not be started; `code` as the system names it. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
  readonly code: string | undefined
  constructor(message: string, code: string | undefined) {
    super(message)
    this.code = code
  }
}

interface Pending {
  readonly started: PromiseWithResolvers<number>
  readonly exited: PromiseWithResolvers<Exit>
}

const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './launcher-program.ts' : './launcher-program.js', import.meta.url),
)

/** Starts processes through a small program of its own: see there. */
export class Launcher {
  #child: ChildProcess | undefined
  #count = 0
  readonly #pending = new Map<number, Pending>()

  /** @throws LaunchError */
  async launch(launch: Omit<Launch, 'id'>): Promise<Launched> {
    this.#child ??= this.#start()
    this.#count += 1
    const id = this.#count
    const pending: Pending = { started: Promise.withResolvers(), exited: Promise.withResolvers() }
    pending.exited.promise.catch(() => undefined)
    this.#pending.set(id, pending)
    this.#child.channel?.ref()
    this.#child.send({ ...launch, id } satisfies Launch, (error) => {
      if (error !== null) this.#fail(id, new LaunchError(`the launcher does not answer: ${error.message}`, undefined))
    })
    return { pid: await pending.started.promise, exited: pending.exited.promise }
  }

  close(): void {
    const child = this.#child
    this.#child = undefined
    if (child?.connected === true) child.disconnect()
  }

  #start(): ChildProcess {
    if (!existsSync(program)) throw new LaunchError(`${program} is missing: install graupel again`, undefined)
    const child = fork(program, { execArgv: ['--max-old-space-size=64'], stdio: 'ignore' })
    child.on('message', (report: LaunchReport) => this.#note(report))
    child.once('error', () => this.#lose(child))
    child.once('exit', () => this.#lose(child))
    // A job that runs keeps the program alive; the launcher itself does not.
    child.unref()
    child.channel?.unref()
    return child
  }

  #note(report: LaunchReport): void {
    const pending = this.#pending.get(report.id)
    switch (report.kind) {
      case 'started':
        pending?.started.resolve(report.pid)
        return
      case 'failed':
        this.#fail(report.id, new LaunchError(report.message, report.code))
        return
      case 'exited':
        this.#drop(report.id)
        pending?.exited.resolve({ exitCode: report.exitCode, signal: report.signal })
        return
      default:
        report satisfies never
    }
  }

  #fail(id: number, error: LaunchError): void {
    const pending = this.#pending.get(id)
    this.#drop(id)
    pending?.started.reject(error)
    pending?.exited.reject(error)
  }

  #drop(id: number): void {
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#child?.channel?.unref()
  }

  /** Somebody has killed it: what it had started is not known any more. */
  #lose(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined
    for (const id of [...this.#pending.keys()]) this.#fail(id, new LaunchError('the launcher has died', undefined))
  }
}
