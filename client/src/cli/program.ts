import { Command, CommanderError } from 'commander'
import { BatchError } from '../errors/batch-error.ts'
import { addBatchCommands } from './batch/batch-commands.ts'
import { addJobCommands } from './batch/job-commands.ts'
import { addConfig } from './config/config-command.ts'
import { addDeploy } from './deploy/deploy-command.ts'
import { addDestroy } from './destroy/destroy-command.ts'
import { addDoctor } from './doctor/doctor-command.ts'
import { addEmulate } from './emulate/emulate-command.ts'
import { exitCodes } from './exit-codes.ts'
import { addSubmit } from './submit/submit-command.ts'
import { type Act, makeTerminal, type Terminal } from './terminal.ts'
import { TerraformError } from './terraform/terraform-error.ts'

export interface ProgramInput {
  readonly env: Terminal['env']
  readonly argv: readonly string[]
}

/** The whole command line. */
export function makeProgram({ env, argv }: ProgramInput): { run(): Promise<number> } {
  let exitCode: number = exitCodes.success
  const act: Act = async (work) => {
    exitCode = await work()
  }
  const terminal = makeTerminal(env)
  const program = new Command('graupel')
    .description('DAGs of container jobs joined by files, on this machine and on Google Cloud')
    .enablePositionalOptions()
    .exitOverride()
  addEmulate(program, terminal, act)
  addSubmit(program, terminal, act)
  addBatchCommands(program, terminal, act)
  addJobCommands(program, terminal, act)
  addConfig(program, terminal, act)
  addDeploy(program, terminal, act)
  addDoctor(program, terminal, act)
  addDestroy(program, terminal, act)
  return {
    async run() {
      try {
        await program.parseAsync(argv)
        return exitCode
      } catch (error) {
        return exitCodeOfError(error, terminal)
      }
    },
  }
}

/** Commander has said already what is wrong with the command line. */
function exitCodeOfError(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
  terminal.say(error instanceof Error ? error.message : String(error))
  if (error instanceof TerraformError) return exitCodes.terraform
  if (!(error instanceof BatchError)) return exitCodes.unavailable
  switch (error.code) {
    case 'E_BATCH_NOT_FOUND':
      return exitCodes.notFound
    case 'E_INVALID_BATCH':
      return exitCodes.usage
    case 'E_SERVICE':
      return exitCodes.unavailable
    default:
      return exitCodes.failure
  }
}
