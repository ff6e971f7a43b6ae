import { type Command, InvalidArgumentError } from 'commander'
import { googleApiOf } from '../google/google-api-of.ts'
import { jsonHelp } from '../json-flag.ts'
import type { Act, Terminal } from '../terminal.ts'
import type { DoctorFlags } from './doctor.ts'

/** Long enough for a machine to be found, to start and to pull the image. */
const defaultTimeoutSeconds = 600

export function addDoctor(program: Command, terminal: Terminal, act: Act): void {
  program
    .command('doctor')
    .description('look at all that the service needs, and say what to do about what is wrong; runs one small job')
    .option('--project <id>', 'the Google Cloud project')
    .option('--region <name>', "where the service's functions are")
    .option('--deploying', 'look at what deploying needs instead, before there is a service', false)
    .option('--no-smoke', 'run no job')
    .option('--timeout <seconds>', 'how long the job may take', toSeconds, defaultTimeoutSeconds)
    .option('--json', jsonHelp)
    .action((flags: DoctorFlags) =>
      act(async () => {
        const { doctor } = await import('./doctor.ts')
        return doctor(terminal, (project) => googleApiOf(terminal.env, project), flags)
      }),
    )
}

function toSeconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number of seconds from 1.')
}
