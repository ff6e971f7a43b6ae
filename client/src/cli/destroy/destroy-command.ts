import type { Command } from 'commander'
import { googleApiOf } from '../google/google-api-of.ts'
import { jsonHelp } from '../json-flag.ts'
import type { Act, Terminal } from '../terminal.ts'
import type { DestroyFlags } from './destroy-flags.ts'

export function addDestroy(program: Command, terminal: Terminal, act: Act): void {
  program
    .command('destroy')
    .description(
      'take the service out of a Google Cloud project; asks before it does, and looks whether anything is left',
    )
    .option('--project <id>', 'the Google Cloud project')
    .option('--prefix <text>', 'which deployment of the project (default: graupel)')
    .option('--delete-data', 'delete the documents and files of batches, too, which cannot be undone', false)
    .option('--force', 'also while batches run', false)
    .option('--local-state', "Terraform's state is on this machine", false)
    .option('-y, --yes', 'ask nothing', false)
    .option('--json', jsonHelp)
    .action((flags: DestroyFlags) =>
      act(async () => {
        const { destroy } = await import('./destroy.ts')
        return destroy(terminal, (project) => googleApiOf(terminal.env, project), flags)
      }),
    )
}
