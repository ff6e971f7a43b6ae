import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'

/** One pipe for what the commands of an attempt print on both outputs, so that it stays in order. */
export interface OutputPipe {
  /** File descriptor for the commands. */
  readonly writer: number
  /** Ends when no process has the other end any more. */
  readonly reader: Socket
  readonly path: string
}

/**
 * Real pipes, kept by name and used again. Node's own are sockets, which cannot be opened by name, so that commands
 * like `echo oops > /dev/stderr` would fail.
 */
export class OutputPipes {
  readonly #folder: string
  readonly #free: string[] = []
  #made = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async open(): Promise<OutputPipe> {
    const path = this.#free.pop() ?? (await this.#make())
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(path, constants.O_WRONLY)
    return { path, writer, reader: new Socket({ fd, readable: true, writable: false }) }
  }

  /** Once the commands have the pipe: it must not be held open by this process too. */
  release({ writer }: OutputPipe): void {
    closeSync(writer)
  }

  /** A pipe that has ended has no reader or writer left, and can be used again. */
  async giveBack({ path }: OutputPipe, hasEnded: boolean): Promise<void> {
    if (hasEnded) this.#free.push(path)
    else await rm(path, { force: true })
  }

  async close(): Promise<void> {
    this.#free.length = 0
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #make(): Promise<string> {
    const path = join(this.#folder, String(this.#made++))
    await mkdir(this.#folder, { recursive: true })
    try {
      await promisify(execFile)('mkfifo', [path])
    } catch (error) {
      throw new AttemptFault('infrastructure', `mkfifo ${path} failed: ${messageOf(error)}`, { cause: error })
    }
    return path
  }
}
