import { type Command, InvalidArgumentError } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { type JsonFlag, jsonHelp } from '../json-flag.ts'
import { toJson, toTable } from '../table.ts'
import type { Act, Terminal } from '../terminal.ts'
import { type ServiceSession, withService } from './service-session.ts'
import { batchDetails, batchHeader, batchRow, jobHeader, jobRow } from './show.ts'

const idHelp = 'the id of a batch, or @latest'

/** Commands about a whole batch of the service. */
export function addBatchCommands(program: Command, terminal: Terminal, act: Act): void {
  const inService = (use: (session: ServiceSession) => Promise<number>) => act(() => withService(terminal.env, use))
  addList(program, terminal, inService)
  addGet(program, terminal, inService)
  addJobs(program, terminal, inService)
  addWait(program, terminal, inService)
  addEnds(program, terminal, inService)
}

export type InService = (use: (session: ServiceSession) => Promise<number>) => Promise<void>

function addList(program: Command, { print }: Terminal, inService: InService): void {
  program
    .command('list')
    .description('the newest batches')
    .option('--limit <number>', 'how many', toLimit, 20)
    .option('--json', jsonHelp)
    .action(({ limit, json }: JsonFlag & { limit: number }) =>
      inService(async (session) => {
        const batches = await session.list(limit)
        if (json) for (const batch of batches) print(toJson(batch))
        else print(toTable([batchHeader, ...batches.map(batchRow)]))
        return exitCodes.success
      }),
    )
}

function addGet(program: Command, { print }: Terminal, inService: InService): void {
  program
    .command('get')
    .description('the status of a batch')
    .argument('<batch>', idHelp)
    .option('--json', jsonHelp)
    .action((id: string, { json }: JsonFlag) =>
      inService(async (session) => {
        const status = await (await session.find(id)).status()
        print(json ? toJson(status) : batchDetails(status))
        return exitCodes.success
      }),
    )
}

function addJobs(program: Command, { print }: Terminal, inService: InService): void {
  program
    .command('jobs')
    .description('the jobs of a batch')
    .argument('<batch>', idHelp)
    .option('-q, --query <query>', "which jobs, in Hail's query language: 'state = bad', 'name =~ sort'")
    .option('--json', jsonHelp)
    .action((id: string, { query, json }: JsonFlag & { query?: string }) =>
      inService(async (session) => {
        const rows: string[][] = []
        for await (const job of (await session.find(id)).jobs(query ?? {}))
          if (json) print(toJson(job))
          else rows.push(jobRow(job))
        if (!json) print(toTable([jobHeader, ...rows]))
        return exitCodes.success
      }),
    )
}

function addWait(program: Command, { print }: Terminal, inService: InService): void {
  program
    .command('wait')
    .description('wait until a batch has ended; the exit code tells whether it succeeded')
    .argument('<batch>', idHelp)
    .option('--json', jsonHelp)
    .action((id: string, { json }: JsonFlag) =>
      inService(async (session) => {
        const status = await (await session.find(id)).wait({ throwOnFailure: false })
        print(json ? toJson(status) : batchDetails(status))
        return status.state === 'success' ? exitCodes.success : exitCodes.failure
      }),
    )
}

function addEnds(program: Command, { print, say }: Terminal, inService: InService): void {
  const descriptions = {
    cancel: 'cancel a batch; its always-run jobs still run',
    delete: 'cancel a batch and delete its records and files',
  } as const
  for (const word of ['cancel', 'delete'] as const)
    program
      .command(word)
      .description(descriptions[word])
      .argument('<batch>', idHelp)
      .option('--json', jsonHelp)
      .action((id: string, { json }: JsonFlag) =>
        inService(async (session) => {
          const batch = await session.find(id)
          await batch[word]()
          if (json) print(toJson({ id: batch.id }))
          else say(`Batch ${batch.id}: ${word} is recorded`)
          return exitCodes.success
        }),
      )
}

function toLimit(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.')
}
