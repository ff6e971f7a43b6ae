import { type Command, InvalidArgumentError, Option } from 'commander'
import { jsonHelp } from '../json-flag.ts'
import type { Act, Terminal } from '../terminal.ts'
import type { SubmitFlags } from './submit-flags.ts'

const several = (text: string, before: readonly string[]): readonly string[] => [...before, text]
const repeated = (flags: string, description: string) =>
  new Option(flags, description).argParser(several).default([], 'none')

/** One command as a batch of one job, on the service. */
export function addSubmit(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('submit')
    .description("run a command as a batch of one job on the service; prints the batch's id")
    .argument('<command...>', 'the command, after --: what it is given reaches it as it is')
  addResources(command)
  addFiles(command)
  command
    .option('--token <text>', 'the same token finds the same batch instead of submitting again')
    .option('--project <id>', 'the Google Cloud project')
    .option('--remote-tmpdir <folder>', 'gs://bucket/folder for the files of batches')
    .option('--requester-pays-project <id>', 'who pays for reading requester-pays buckets')
    .option('--wait', 'wait for its end, print what it prints, and tell by the exit code whether it succeeded', false)
    .option('--open', "open the batch's page in the browser", false)
    .option('-q, --quiet', 'say nothing on stderr but errors', false)
    .option('--json', jsonHelp)
    .passThroughOptions()
    .action((words: string[], flags: SubmitFlags) =>
      act(async () => {
        const { submit } = await import('./submit.ts')
        return submit(terminal, words, flags)
      }),
    )
}

function addResources(command: Command): void {
  command
    .option('--name <name>', 'name of the batch and of the job')
    .option('--image <image>', 'the container image (default: that of the worker, if it has one)')
    .option('--cpu <cores>', 'cores, such as 0.5 or 500m (default: 1)')
    .option('--memory <amount>', 'memory, such as 4Gi, or lowmem, standard, highmem (default: standard)')
    .option('--storage <amount>', 'disk, such as 10Gi')
    .option('--machine-type <type>', 'a machine of its own, instead of --cpu and --memory')
    .option('--no-spot', 'on a machine that is not taken away (default: Spot, as for jobs of programs)')
    .addOption(repeated('--region <name>', 'a region to run in, or any; may be repeated'))
    .option('--timeout <duration>', 'the longest that the command may take, such as 90m')
    .option('--retry <number>', 'how often to try again when the command fails (default: 0)', toCount)
    .addOption(repeated('--env <name=value>', 'an environment variable; may be repeated'))
    .addOption(repeated('--attribute <name=value>', 'a word about the batch, for queries; may be repeated'))
    .option('--shell <program>', 'the shell that starts the command (default: /bin/bash)')
}

function addFiles(command: Command): void {
  command
    .addOption(repeated('-f, --file <path[:name]>', 'a file that it finds in its working directory; may be repeated'))
    .addOption(repeated('-o, --output <name:path>', 'a file that it makes there, and where it goes; may be repeated'))
    .addOption(repeated('--cloudfuse <bucket:path[:ro]>', 'a bucket as a folder; may be repeated'))
    .option('--workdir <folder>', 'the folder that it runs in')
}

function toCount(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 0.')
}
