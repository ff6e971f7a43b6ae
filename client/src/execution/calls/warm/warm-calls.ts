import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assignment, FunctionCall } from '../../../model/index.ts'
import type { Clock } from '../../clock.ts'
import { markForRunner } from '../../process/process-mark.ts'
import type { FollowedCommand } from '../../process/run-process.ts'
import type { CommandEnd } from '../../sandbox/sandbox.ts'
import { heapOptions } from '../heap-options.ts'
import { runtimes } from '../runtimes.ts'
import { runWarmCalls } from './run-warm-calls.ts'
import { RunnerPool } from './runner-pool.ts'

export interface WarmCallsOptions {
  readonly clock: Clock
  /** See `ProcessSandboxOptions`. */
  readonly agent: string
  /** An absolute path, for the runner's program; whoever gives it removes it. */
  readonly folder: string
}

export interface AttemptCalls {
  readonly assignment: Assignment
  /** `BATCH_TMPDIR`. */
  readonly root: string
  readonly calls: readonly FunctionCall[]
  /** See `CallRequest`. */
  readonly elsewhere?: Readonly<Record<string, string>> | undefined
}

/** Calls of TypeScript functions on this machine, in processes that are used again. */
export class WarmCalls {
  readonly #options: WarmCallsOptions
  readonly #pool: RunnerPool
  #program: Promise<string> | undefined

  constructor(options: WarmCallsOptions) {
    this.#options = options
    this.#pool = new RunnerPool(options)
  }

  async run({ assignment, root, calls, elsewhere }: AttemptCalls, command: FollowedCommand): Promise<CommandEnd> {
    this.#program ??= writeProgram(this.#options.folder).catch((error) => {
      // A disk that is full now may not be for the next job.
      this.#program = undefined
      throw error
    })
    const options = heapOptions(assignment.memoryBytes, command.env)
    return runWarmCalls({
      ...command,
      pool: this.#pool,
      key: JSON.stringify([assignment.batch, options, shareableOf(command.env)]),
      words: [process.execPath, ...options, await this.#program],
      runnerMark: markForRunner(this.#options.agent, assignment.batch),
      request: { root, calls: [...calls], elsewhere },
    })
  }

  killNow(): void {
    this.#pool.killNow()
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }
}

async function writeProgram(folder: string): Promise<string> {
  const { fileName, text } = runtimes.functions
  const path = join(folder, fileName)
  await mkdir(folder, { recursive: true })
  await writeFile(path, await text())
  return path
}

const ownOfAttempt: ReadonlySet<string> = new Set(['BATCH_TMPDIR', 'GRAUPEL_JOB_ID', 'GRAUPEL_ATTEMPT_ID'])

/** Node reads many variables once, when it starts: only jobs that have the same share a runner. */
const shareableOf = (env: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(env)
    .filter(([name]) => !ownOfAttempt.has(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
