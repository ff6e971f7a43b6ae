import { type Command, InvalidArgumentError, Option } from 'commander'
import { googleApiOf } from '../google/google-api-of.ts'
import { jsonHelp } from '../json-flag.ts'
import type { Act, Terminal } from '../terminal.ts'
import type { DeployFlags } from './deploy.ts'
import { addLimits } from './limits.ts'

const several = (text: string, before: readonly string[]): readonly string[] => [...before, text]
const repeated = (flags: string, description: string) =>
  new Option(flags, description).argParser(several).default([], 'as before')

export function addDeploy(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('deploy')
    .description('put the service into a Google Cloud project, or change the one that is there; asks before it does')
  addPlace(command)
  addMachines(command)
  addLimits(command)
  addPeople(command)
  command
    .option('--rotate-key', 'make a new service key; jobs that run then run again', false)
    .option('--local-state', "keep Terraform's state on this machine instead of in a bucket", false)
    .option('--plan', 'show what would be done and what it costs, and stop', false)
    .option('-y, --yes', 'ask nothing', false)
    .option('--no-verify', 'do not run doctor at the end')
    .option('--timeout <seconds>', "how long doctor's job may take", toSeconds, 600)
    .option('--json', jsonHelp)
    .action((flags: DeployFlags) =>
      act(async () => {
        const { deploy } = await import('./deploy.ts')
        return deploy(terminal, (project) => googleApiOf(terminal.env, project), flags)
      }),
    )
}

function addPlace(command: Command): void {
  command
    .option('--project <id>', 'the Google Cloud project')
    .option('--prefix <text>', 'begins every name, so that several can stand in one project (default: graupel)')
    .option('--region <name>', 'where functions, queues and files are (default: us-central1)')
    .option('--lanes <number>', 'lanes of the kernel, about one per 500 messages a second (default: 8)')
    .addOption(repeated('--subnet <region=range>', 'a region of machines and its addresses; may be repeated'))
}

function addMachines(command: Command): void {
  command
    .addOption(
      repeated(
        '--machine-family <name>',
        'what jobs run on, the first tried first; may be repeated (default: n2d n2 e2)',
      ),
    )
    .option('--machine-cores <number>', 'cores of a machine that many jobs share: 2, 4, 8 or 16 (default: 16)')
    .option('--machine-disk <GB>', 'disk of a machine, at least 50 (default: 100)')
    .option('--max-machines <number>', 'how many may live at once per pool (default: 100)')
    .option('--max-jobs-per-machine <number>', 'how many run at a time on each, 1: a machine for each job, or none')
    .option(
      '--docker-hub-login <user=secret>',
      'in whose name images of Docker Hub are pulled: a user and the version of a secret, or none',
    )
    .option('--nat', 'let machines reach the internet, which costs while it exists')
    .option('--no-nat', 'let machines reach Google alone (default)')
    .option(
      '--worker-image <image>',
      "the agent's image, or none: the one that this command builds by Docker and pushes (default)",
    )
}

function addPeople(command: Command): void {
  command
    .addOption(
      repeated(
        '--submitter <member>',
        'who may submit, as user:…, group:…, serviceAccount:…, or none; may be repeated',
      ),
    )
    .addOption(repeated('--alert-email <address>', 'who hears of what goes wrong, or none; may be repeated'))
    .addOption(repeated('--input-bucket <name>', 'a bucket elsewhere that jobs may read, or none; may be repeated'))
    .addOption(repeated('--output-bucket <name>', 'a bucket elsewhere that jobs may write, or none; may be repeated'))
    .option('--budget <account=amount>', 'mail when a month costs half, nine tenths and all of it, or none')
    .option('--batch-files-days <days>', 'days after which files of batches are deleted (default: 30)')
}

function toSeconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number of seconds from 1.')
}
