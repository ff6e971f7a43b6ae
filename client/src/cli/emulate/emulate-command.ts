import { type Command, InvalidArgumentError } from 'commander'
import { programPath } from '../programs.ts'
import type { Act, Terminal } from '../terminal.ts'
import { emulate } from './emulate.ts'

interface EmulateFlags {
  readonly folder?: string
  readonly workers?: string
  readonly lanes?: string
  readonly apiPort?: string
  readonly json?: boolean
}

export function addEmulate(program: Command, terminal: Terminal, act: Act): void {
  program
    .command('emulate')
    .description('run the whole service on this machine; with a command: run it inside, stop, pass its exit code on')
    .argument('[command...]', 'the command, after --')
    .option('--folder <path>', 'keep objects and logs here (default: a temporary folder)')
    .option('--workers <number>', 'worker processes at once, per pool (default: 2)', wholeNumber)
    .option('--lanes <number>', 'lanes of the kernel (default: 4)', wholeNumber)
    .option('--api-port <number>', 'port of the api (default: any free one)', wholeNumber)
    .option('--json', 'print the environment as one object of JSON; of no use with a command')
    .passThroughOptions()
    .action((command: string[], flags: EmulateFlags) =>
      act(() =>
        emulate(terminal, {
          command,
          program: programPath('emulator'),
          args: argumentsOf(flags),
          json: flags.json === true,
        }),
      ),
    )
}

function argumentsOf({ folder, workers, lanes, apiPort }: EmulateFlags): string[] {
  const flags = { worker: programPath('worker'), folder, workers, lanes, 'api-port': apiPort }
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]))
}

function wholeNumber(text: string): string {
  if (/^[1-9]\d{0,4}$/.test(text)) return text
  throw new InvalidArgumentError('It must be a whole number.')
}
