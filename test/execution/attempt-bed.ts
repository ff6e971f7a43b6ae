import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import { type AbortReason, type AttemptOptions, ProcessSandbox, runAttempt, systemClock } from 'graupel/execution'
import {
  type Assignment,
  type AttemptEnd,
  batchId,
  defaultRetryPolicy,
  type JobDetail,
  type JobTemplate,
  type Output,
  shardId,
} from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'

export const root = 'memory:///batch'

export const template: JobTemplate = {
  env: {},
  cpuMillis: 1000,
  memoryBytes: 2 ** 30,
  storageBytes: 0,
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: defaultRetryPolicy,
}

export interface JobUnderTest {
  readonly job?: number
  readonly attempt?: number
  readonly script?: string
  readonly shell?: string
  readonly template?: Partial<JobTemplate>
  readonly detail?: Partial<JobDetail>
}

/** One attempt's assignment; its own folder is `job`. */
export function assignmentOf({
  job = 1,
  attempt = 1,
  script = '',
  shell = '/bin/bash',
  ...rest
}: JobUnderTest): Assignment {
  return {
    batch: batchId('testbatch'),
    shard: shardId(0),
    job,
    attempt,
    lane: 0,
    token: 'secret',
    root,
    template: { ...template, ...rest.template },
    memoryBytes: rest.template?.memoryBytes ?? template.memoryBytes,
    detail: {
      task: { kind: 'bash', shell, script: [script] },
      directory: 'job',
      inputs: [],
      links: [],
      outputs: [],
      ...rest.detail,
    },
  }
}

export const output = (name: string, ...destinations: string[]): Output => ({
  name,
  path: `job/${name}`,
  isNeeded: true,
  destinations,
})

/** A machine with a scratch folder, a store of objects, and attempts that run on it. */
export class AttemptBed {
  readonly objects = new MemoryObjectStore({ schemes: ['memory', 'gs'] })
  readonly scratch: string
  readonly agent: string
  readonly sandbox: ProcessSandbox
  readonly aborter = new AbortController()

  constructor(scratch: string) {
    this.scratch = scratch
    this.agent = `agent-${crypto.randomUUID()}`
    this.sandbox = new ProcessSandbox({
      scratch: join(scratch, 'attempts'),
      objects: this.objects,
      clock: systemClock,
      agent: this.agent,
      hostEnvironment: { PATH: '/usr/bin:/bin' },
    })
  }

  static async make(): Promise<AttemptBed> {
    return new AttemptBed(await mkdtemp(join(tmpdir(), 'graupel-attempt-')))
  }

  run(job: JobUnderTest, options: Partial<AttemptOptions> = {}): Promise<AttemptEnd> {
    return this.runAssignment(assignmentOf(job), options)
  }

  runAssignment(assignment: Assignment, options: Partial<AttemptOptions> = {}): Promise<AttemptEnd> {
    return runAttempt(assignment, {
      objects: this.objects,
      sandbox: this.sandbox,
      signal: this.aborter.signal,
      clock: systemClock,
      retryMs: 1,
      ...options,
    })
  }

  abort(kind: AbortReason['kind']): void {
    this.aborter.abort({ kind } satisfies AbortReason)
  }

  async log(job = 1, attempt = 1): Promise<string> {
    const log = await findLog(this.objects, { root, job, attempt })
    return Buffer.concat(await Array.fromAsync(log.chunks())).toString()
  }

  async text(uri: string): Promise<string> {
    return Buffer.from(await this.objects.read(uri)).toString()
  }

  async uris(prefix: string): Promise<string[]> {
    return (await Array.fromAsync(this.objects.list(prefix))).map(({ uri }) => uri)
  }

  /** Folders of attempts that are left. */
  async leftovers(): Promise<string[]> {
    const names = await readdir(join(this.scratch, 'attempts')).catch(() => [])
    return names.filter((name) => !name.startsWith('pipes-'))
  }

  async close(): Promise<void> {
    await this.sandbox.close()
    await rm(this.scratch, { recursive: true, force: true })
  }
}
