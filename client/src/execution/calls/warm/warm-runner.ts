import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { killGroup } from '../../process/kill-tree.ts'
import type { Exit } from '../../process/launcher.ts'
import { type RunnerReport, runnerReportSchema, type WarmRequest } from '../call-messages.ts'

export interface RunnerStart {
  /** Node and its arguments. */
  readonly words: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  /** A file descriptor for what is printed before the first request. */
  readonly output: number
}

/** How the calls of a request ended; `exited`: and the runner with them. */
export type CallsOutcome =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly message: string | undefined }
  | { readonly kind: 'exited'; readonly exit: Exit; readonly message: string | undefined; readonly hasBegun: boolean }

interface Current {
  readonly outcome: PromiseWithResolvers<CallsOutcome>
  readonly onBegun: () => void
  hasBegun: boolean
  message: string | undefined
}

/** A process that calls functions, of one attempt after the other. It leads a process group. */
export class WarmRunner {
  readonly pid: number
  /** Resolves when the process has ended and all that it said has been heard. */
  readonly exited: Promise<Exit>
  readonly #child: ChildProcess
  readonly #channel: Socket
  #current: Current | undefined
  #exit: Exit | undefined

  private constructor(child: ChildProcess, channel: Socket, pid: number) {
    this.pid = pid
    this.#child = child
    this.#channel = channel
    const heard = Promise.withResolvers<void>()
    // A runner that dies leaves requests unread: its end is told by its exit.
    channel.on('error', () => undefined).on('close', heard.resolve)
    createInterface({ input: channel })
      .on('line', (line) => this.#hear(line))
      .on('error', () => undefined)
    this.exited = this.#end(heard.promise)
    void this.exited.then((exit) => this.#settleExit(exit))
    this.#holdProgram(false)
  }

  /** @throws the system's error if the process cannot be started */
  static async start({ words: [program, ...words], env, output }: RunnerStart): Promise<WarmRunner> {
    const child = spawn(program, words, { cwd: '/', detached: true, env, stdio: ['ignore', output, output, 'pipe'] })
    const channel = child.stdio[3]
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    if (child.pid === undefined || !(channel instanceof Socket)) throw new Error('the runner has no channel')
    return new WarmRunner(child, channel, child.pid)
  }

  /** One request at a time. Never rejects. */
  run(request: WarmRequest, onBegun: () => void): Promise<CallsOutcome> {
    const outcome = Promise.withResolvers<CallsOutcome>()
    this.#current = { outcome, onBegun, hasBegun: false, message: undefined }
    this.#holdProgram(true)
    this.#channel.write(`${JSON.stringify(request)}\n`)
    if (this.#exit !== undefined) this.#settleExit(this.#exit)
    return outcome.promise
  }

  kill(): void {
    killGroup(this.pid, 'SIGKILL')
  }

  /** Kills it; the program lives on until it is gone. */
  async end(): Promise<void> {
    this.kill()
    if (this.#exit === undefined) this.#holdProgram(true)
    await this.exited
    this.#holdProgram(false)
  }

  #hear(line: string): void {
    const report = parseReport(line)
    const current = this.#current
    // Functions have written into the channel: this runner cannot be believed any more.
    if (report === undefined) this.kill()
    else if (current !== undefined) this.#note(report, current)
  }

  #note(report: RunnerReport, current: Current): void {
    switch (report.kind) {
      case 'begun':
        current.hasBegun = true
        current.onBegun()
        break
      case 'failed':
        current.message = report.message
        break
      case 'ended':
        this.#settle(({ message }) => ({ kind: 'ended', exitCode: report.exitCode, message }))
        break
      default:
        report satisfies never
    }
  }

  #settle(outcomeOf: (current: Current) => CallsOutcome): void {
    const current = this.#current
    this.#current = undefined
    this.#holdProgram(false)
    current?.outcome.resolve(outcomeOf(current))
  }

  #settleExit(exit: Exit): void {
    this.#exit = exit
    this.#settle(({ message, hasBegun }) => ({ kind: 'exited', exit, message, hasBegun }))
  }

  /** Calls under way keep this program alive; a runner that waits does not. */
  #holdProgram(isNeeded: boolean): void {
    if (isNeeded) {
      this.#child.ref()
      this.#channel.ref()
    } else {
      this.#child.unref()
      this.#channel.unref()
    }
  }

  async #end(heard: Promise<void>): Promise<Exit> {
    const exit = await new Promise<Exit>((resolve) =>
      this.#child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })),
    )
    // A child of it that has its channel would keep it open.
    killGroup(this.pid, 'SIGKILL')
    await heard
    return exit
  }
}

function parseReport(line: string): RunnerReport | undefined {
  try {
    return runnerReportSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
