import { type Command, InvalidArgumentError } from 'commander'
import { controlOf, type RunningJob } from '../../backends/running-job.ts'
import { peakOf } from '../../model/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { type JsonFlag, jsonHelp } from '../json-flag.ts'
import { toJson, toTable } from '../table.ts'
import type { Act, Terminal } from '../terminal.ts'
import { withService } from './service-session.ts'
import { attemptHeader, attemptRow, jobDetails } from './show.ts'

type WithJob = (batch: string, job: number, use: (job: RunningJob) => Promise<void>) => Promise<void>

/** Commands about one job of a batch of the service. */
export function addJobCommands(program: Command, terminal: Terminal, act: Act): void {
  const withJob: WithJob = (batch, job, use) =>
    act(() =>
      withService(terminal.env, async (session) => {
        await use((await session.find(batch)).job(job))
        return exitCodes.success
      }),
    )
  addJob(program, terminal, withJob)
  addAttempts(program, terminal, withJob)
  addLog(program, terminal, withJob)
}

const aboutJob = (program: Command, word: string, description: string): Command =>
  program
    .command(word)
    .description(description)
    .argument('<batch>', 'the id of a batch, or @latest')
    .argument('<job>', "the job's number", toNumber)
    .option('--json', jsonHelp)

function addJob(program: Command, { print }: Terminal, withJob: WithJob): void {
  aboutJob(program, 'job', 'the status of a job').action((batch: string, number: number, { json }: JsonFlag) =>
    withJob(batch, number, async (job) => {
      const status = await job.status()
      const usage = await job.resourceUsage()
      const [peak, { receivedBytes, sentBytes } = {}] = [peakOf(usage), usage.at(-1)]
      const network = receivedBytes === undefined ? undefined : { receivedBytes, sentBytes: sentBytes ?? 0 }
      print(json ? toJson({ ...status, peak, network }) : jobDetails(status, { peak, network }))
    }),
  )
}

function addAttempts(program: Command, { print }: Terminal, withJob: WithJob): void {
  aboutJob(program, 'attempts', 'every attempt to run a job').action(
    (batch: string, number: number, { json }: JsonFlag) =>
      withJob(batch, number, async (job) => {
        const attempts = await job.attempts()
        if (json) for (const attempt of attempts) print(toJson(attempt))
        else print(toTable([attemptHeader, ...attempts.map(attemptRow)]))
      }),
  )
}

interface LogFlags extends JsonFlag {
  readonly follow?: boolean
  readonly attempt?: number
}

function addLog(program: Command, { print, write }: Terminal, withJob: WithJob): void {
  aboutJob(program, 'log', 'what a job has printed')
    .option('-f, --follow', 'go on until the attempt ends')
    .option('--attempt <number>', 'of this attempt (default: the newest)', toNumber)
    .action((batch: string, number: number, { follow, attempt, json }: LogFlags) =>
      withJob(batch, number, async (job) => {
        if (follow) for await (const line of job.log({ attempt, follow: true })) print(json ? toJson({ line }) : line)
        else if (json) print(toJson({ log: await job.log({ attempt }) }))
        else for await (const chunk of await controlOf(job).logBytes(attempt)) await write(chunk)
      }),
    )
}

function toNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number from 1.')
}
