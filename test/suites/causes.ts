import { existsSync } from 'node:fs'
import { type BashJobOptions, BatchFailedError, type JobStatus } from 'graupel'
import { expect, test } from 'vitest'
import { type Bench, quiet } from './home.ts'

/** A job, and how it must end. Its output is called `out` and is wanted by a destination. */
export interface Death {
  /** What it dies of. */
  readonly cause: string
  readonly options?: BashJobOptions
  readonly script: string
  readonly state: JobStatus['state']
  /** Of each attempt, in order; none for one that succeeded. The last is the job's too. */
  readonly reasons: readonly (RegExp | undefined)[]
  readonly exitCode?: number
  /** The destination is there all the same. */
  readonly leavesOutput?: boolean
}

const makeOutput = 'echo made > "$OUT"'

/** For any Debian: it has Perl. */
const fillMemory = `perl -e '$x = "x" x (300 * 1024 * 1024); sleep 60'`

/** Fills memory in its first attempt, and in the next one is content with what it gets. */
const fillOnce = (fillMemory: string) => `case $GRAUPEL_ATTEMPT_ID in *-1) ${fillMemory};; esac; ${makeOutput}`

/** What any job may die of, by its own doing. */
export const commonDeaths = (fillMemory: string): readonly Death[] => [
  {
    cause: 'an exit code',
    script: `${makeOutput}; exit 3`,
    state: 'Failed',
    exitCode: 3,
    reasons: [/command failed with exit code 3$/],
  },
  {
    cause: 'an exit code, as often as it is retried',
    options: { retry: 2 },
    script: 'exit 3',
    state: 'Failed',
    exitCode: 3,
    reasons: [/exit code 3/, /exit code 3/, /exit code 3/],
  },
  {
    cause: 'an exit code with a budget of its own',
    options: { retry: { failed: 5, exitCodes: { 75: 1 } } },
    script: 'exit 75',
    state: 'Failed',
    exitCode: 75,
    reasons: [/exit code 75/, /exit code 75/],
  },
  {
    cause: 'an exit code, and leaves what it has made',
    options: { alwaysCopyOutput: true },
    script: `${makeOutput}; exit 3`,
    state: 'Failed',
    exitCode: 3,
    reasons: [/exit code 3/],
    leavesOutput: true,
  },
  {
    cause: 'a fault of a command of its',
    script: `sh -c 'kill -SEGV $$'`,
    state: 'Failed',
    exitCode: 139,
    reasons: [/exit code 139.*SIGSEGV/],
  },
  {
    cause: 'too little memory',
    options: { memory: '64Mi' },
    script: fillMemory,
    state: 'Failed',
    exitCode: 137,
    reasons: [/ran out of memory.*64 MiB/],
  },
  {
    cause: 'too little memory, and lives with more',
    options: { memory: '64Mi', retry: { outOfMemory: { factor: 2, upTo: '1Gi' } } },
    script: fillOnce(fillMemory),
    state: 'Success',
    exitCode: 0,
    reasons: [/ran out of memory.*64 MiB/, undefined],
    leavesOutput: true,
  },
  {
    cause: 'too little storage',
    options: { storage: '16Mi', retry: 3 },
    script: 'head -c 100000000 /dev/zero > big; sleep 60',
    state: 'Error',
    reasons: [/more than its storage.* 16 MiB/],
  },
  {
    cause: 'its time limit, with a child that ignores SIGTERM',
    options: { timeout: '300ms', retry: 3 },
    script: `sh -c "trap '' TERM; while :; do sleep 0.1; done" & wait`,
    state: 'Error',
    reasons: [/time limit of 0.3 s/],
  },
  {
    cause: 'a shell that does not exist',
    options: { shell: '/bin/no-such-shell', retry: 3 },
    script: 'true',
    state: 'Error',
    reasons: [/shell could not be started.*no-such-shell/],
  },
  {
    cause: 'an output that it did not make',
    options: { retry: 3 },
    script: 'true',
    state: 'Error',
    reasons: [/did not make an output.*'out'/],
  },
  {
    cause: 'an output that is no file',
    script: 'mkfifo "$OUT"',
    state: 'Error',
    reasons: [/neither a file nor a folder/],
  },
]

/** What only a job without image can do to itself: the first process of a container is proof against its own signals. */
export const processDeaths: readonly Death[] = [
  ...commonDeaths(fillMemory),
  {
    cause: 'SIGKILL from outside',
    script: 'kill -KILL $$',
    state: 'Failed',
    exitCode: 137,
    reasons: [/exit code 137.*SIGKILL/],
  },
  {
    cause: 'a fault of its own',
    script: 'kill -SEGV $$',
    state: 'Failed',
    exitCode: 139,
    reasons: [/exit code 139.*SIGSEGV/],
  },
]

/** What the table of containers needs in its image. */
export const deathPrograms = ['sh', 'sleep', 'head', 'tail', 'mkfifo'] as const

export const containerDeaths = (image: string): readonly Death[] =>
  commonDeaths('tail /dev/zero').map((death) => ({
    ...death,
    options: { image, shell: '/bin/sh', ...death.options },
  }))

/** Runs each of them as a batch of its own. */
export function testDeaths(bench: Bench, title: string, deaths: readonly Death[]): void {
  test.each(deaths)(`${title} dies of $cause`, async (death) => {
    const destination = bench.path(`out of ${death.cause}`)
    const batch = bench.newBatch()
    const job = batch.newJob({ name: death.cause, memory: '256Mi', outputs: ['out'], ...death.options })
    job.command`OUT=${job.output('out')}`.command(death.script)
    batch.writeOutput(job.output('out'), destination)
    const run = await batch.run({ ...quiet, throwOnFailure: false })
    const status = await run.job(job).status()
    const attempts = await run.job(job).attempts()
    expect(status).toMatchObject({ state: death.state, exitCode: death.exitCode, attempt: death.reasons.length })
    expect(attempts.map(({ attempt }) => attempt)).toEqual(death.reasons.map((_reason, at) => at + 1))
    expect(attempts.map(({ reason }) => reason)).toEqual(
      death.reasons.map((reason) => (reason === undefined ? undefined : expect.stringMatching(reason))),
    )
    expect(status.reason).toBe(attempts.at(-1)?.reason)
    expect(existsSync(destination)).toBe(death.leavesOutput ?? false)
  })
}

/** Where inputs are read in place: a service has a copy of its own. */
export function testVanishedInput(bench: Bench): void {
  test('a job dies of an input that is not there any more', async () => {
    const path = await bench.write('vanishing', 'x')
    const batch = bench.newBatch()
    const input = batch.readInput(path)
    const before = batch.newJob({ name: 'before' })
    before.command`rm ${path}`
    const reader = batch.newJob({ name: 'reader', retry: 3 }).dependsOn(before)
    reader.command`cat ${input}`
    const error = await batch.run(quiet).catch((caught: unknown) => caught)
    if (!(error instanceof BatchFailedError)) throw error
    expect(error.failedJobs).toMatchObject([
      { name: 'reader', state: 'Error', attempt: 1, reason: expect.stringMatching(/an input was missing.*vanishing/) },
    ])
  })
}

/** Where jobs write to their destinations themselves: a service leaves those of this machine to the client. */
export function testImpossibleDestination(bench: Bench): void {
  test('a job whose destination cannot be dies of it once, and its commands do not run again', async () => {
    const runs = bench.path('runs')
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'writer', outputs: ['out'] })
    job.command`echo run >> ${runs}; echo made > ${job.output('out')}`
    batch.writeOutput(job.output('out'), `${await bench.write('a file', 'x')}/out`)
    const run = await batch.run({ ...quiet, throwOnFailure: false })
    const reason = expect.stringMatching(/could not be copied.*a file/)
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', attempt: 1, reason })
    expect(await bench.read('runs')).toBe('run\n')
  })
}
