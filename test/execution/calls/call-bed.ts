import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AttemptOptions } from 'graupel/execution'
import {
  type AttemptEnd,
  type CapturedValues,
  type FunctionCall,
  type Input,
  objectPaths,
  type ResultPaths,
} from 'graupel/model'
import { type Captured, capture } from '../../../client/src/closure/capture.ts'
import { AttemptBed, type JobUnderTest, output, root } from '../attempt-bed.ts'

const program = fileURLToPath(new URL('./fixtures/capture-all.ts', import.meta.url))

type Functions = typeof import('./fixtures/functions.ts')
export type FunctionName = keyof Functions

let captured: Readonly<Record<FunctionName, Captured>> | undefined

function capturedFunction(name: FunctionName): Captured {
  captured ??= JSON.parse(execFileSync('node', [program], { encoding: 'utf8', maxBuffer: 2 ** 28 }))
  // Parsed just above.
  return (captured as Readonly<Record<FunctionName, Captured>>)[name]
}

/** Stands among arguments for a file below `BATCH_TMPDIR`, a group of them, or an earlier result. */
export class Stand {
  readonly kind: 'file' | 'group' | 'result'
  readonly paths: Readonly<Record<string, string>>
  constructor(kind: Stand['kind'], paths: Readonly<Record<string, string>>) {
    this.kind = kind
    this.paths = paths
  }
}

export interface CallUnderTest {
  readonly fn: FunctionName
  readonly args?: readonly unknown[]
  readonly results?: ResultPaths
}

export interface CallJob extends Omit<JobUnderTest, 'script' | 'shell'> {
  readonly calls: readonly CallUnderTest[]
}

/** A machine that runs jobs of functions. Results of a job are its outputs, and stored as `gs://b/<job>/<name>`. */
export class CallBed extends AttemptBed {
  static override async make(): Promise<CallBed> {
    return new CallBed(await mkdtemp(join(tmpdir(), 'graupel-calls-')))
  }

  async jobOf({ calls, detail, ...job }: CallJob): Promise<JobUnderTest> {
    const inputs = new Map<string, Input>()
    const planned = await Promise.all(calls.map((call) => this.#plan(call, inputs)))
    const paths = planned.flatMap(({ results: { value, json, text, repr } }) => [value, json, text, repr])
    const names = paths.flatMap((path) => (path === undefined ? [] : [path.replace('job/', '')]))
    return {
      ...job,
      detail: {
        task: { kind: 'functions', calls: planned },
        inputs: [...inputs.values(), ...(detail?.inputs ?? [])],
        outputs: names.map((name) => output(name, `gs://b/${job.job ?? 1}/${name}`)),
      },
    }
  }

  async call(job: CallJob, options: Partial<AttemptOptions> = {}): Promise<AttemptEnd> {
    return this.run(await this.jobOf(job), options)
  }

  /** What one call of the function returns, as JSON tells it; throws if its job does not succeed. */
  async ask(fn: FunctionName, args: readonly unknown[] = [], job: Omit<CallJob, 'calls'> = {}): Promise<unknown> {
    const number = job.job ?? 1
    const end = await this.call({ ...job, calls: [{ fn, args, results: { json: 'job/json' } }] })
    if (end.cause !== 'success') throw new Error(`${end.cause}: ${end.message}\n${await this.log(number, job.attempt)}`)
    return JSON.parse(await this.text(`gs://b/${number}/json`))
  }

  async #plan({ fn, args = [], results = {} }: CallUnderTest, inputs: Map<string, Input>): Promise<FunctionCall> {
    const files: string[] = []
    const indexOf = (path: string) => files.push(path) - 1
    const given = capture(args, {
      job: undefined,
      label: 'the arguments',
      extend: (value) => {
        if (!(value instanceof Stand)) return undefined
        const members = Object.entries(value.paths).map(([name, path]) => [name, indexOf(path)] as const)
        return { kind: value.kind, data: value.kind === 'group' ? Object.fromEntries(members) : (members[0]?.[1] ?? 0) }
      },
    })
    return {
      name: fn,
      function: await this.#place(capturedFunction(fn), inputs),
      arguments: await this.#place(given, inputs),
      files,
      results,
    }
  }

  async #place({ code, values }: Captured, inputs: Map<string, Input>): Promise<CapturedValues> {
    const text = values.length > 10_000 ? { path: await this.#placeText(values, 'json', inputs) } : values
    if (code === undefined) return { values: text }
    return { code: { path: await this.#placeText(code, 'mjs', inputs) }, values: text }
  }

  async #placeText(text: string, extension: string, inputs: Map<string, Input>): Promise<string> {
    const name = `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.${extension}`
    const path = `texts/${name}`
    await this.objects.write(objectPaths.text(root, name), text)
    inputs.set(path, { kind: 'text', name, path })
    return path
  }
}
