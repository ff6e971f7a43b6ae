import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { forwardSignals } from '../forward-signals.ts'
import { TerraformError } from './terraform-error.ts'
import {
  errorsIn,
  type PlanSummary,
  parseTerraformMessage,
  summarizePlan,
  type TerraformMessage,
} from './terraform-messages.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface TerraformOptions {
  /** Where the module's copy and its settings lie. */
  readonly folder: string
  readonly env: Environment
  /** Progress, a line each. */
  readonly say: (line: string) => void
}

/** The file of a plan, beside the module. */
const planFile = 'graupel.tfplan'
const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }))

/** The program `terraform` in one folder. Every method throws TerraformError with Terraform's own words. */
export class Terraform {
  readonly #options: TerraformOptions

  constructor(options: TerraformOptions) {
    this.#options = options
  }

  async init(): Promise<void> {
    // The module names the very versions of its providers; the folder may have those of an older module.
    await this.#collect('init', ['-input=false', '-no-color', '-upgrade', '-reconfigure'])
  }

  /** Writes the plan down and tells what it will do. */
  async plan(...args: readonly string[]): Promise<PlanSummary> {
    return summarizePlan(await this.#stream('plan', ['-input=false', '-json', `-out=${planFile}`, ...args]))
  }

  /** Does what the last plan has told. */
  async apply(): Promise<void> {
    await this.#stream('apply', ['-input=false', '-json', planFile])
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs = outputsSchema.parse(JSON.parse(await this.#collect('output', ['-json'])))
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))
  }

  /** Addresses of everything that there is. Data, which Terraform only reads, is left out. */
  async resources(): Promise<string[]> {
    const lines = (await this.#collect('state', ['list'])).split('\n')
    return lines.filter((line) => line !== '' && !line.startsWith('data.'))
  }

  #start(command: string, args: readonly string[]): ChildProcess {
    const { folder, env } = this.#options
    return spawn('terraform', [command, ...args], {
      cwd: folder,
      env: terraformEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  async #collect(command: string, args: readonly string[]): Promise<string> {
    const child = this.#start(command, args)
    const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), endOf(child)])
    if (code !== 0) throw new TerraformError({ command, problems: [stderr.trim() || stdout.trim()] })
    return stdout
  }

  async #stream(command: string, args: readonly string[]): Promise<readonly TerraformMessage[]> {
    const child = this.#start(command, args)
    const end = Promise.all([textOf(child.stderr), endOf(child)])
    const messages: TerraformMessage[] = []
    if (child.stdout !== null)
      for await (const line of createInterface(child.stdout)) {
        const message = parseTerraformMessage(line)
        if (message === undefined) continue
        messages.push(message)
        if (message.type === 'apply_complete' || message.type === 'apply_errored')
          this.#options.say(`  ${message['@message']}`)
      }
    const [stderr, code] = await end
    if (code === 0) return messages
    const problems = errorsIn(messages)
    throw new TerraformError({ command, problems: problems.length > 0 ? problems : [stderr.trim()] })
  }
}

/** Without what a person may have set for other work; Terraform neither asks nor looks for newer versions of itself. */
export function terraformEnvironment(env: Environment): Environment {
  const foreign = /^TF_(VAR_(?!service_key$)|CLI_ARGS|WORKSPACE$|DATA_DIR$|INPUT$)/
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name))
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' }
}

const textOf = async (stream: ChildProcess['stdout']): Promise<string> => (stream === null ? '' : text(stream))

async function endOf(child: ChildProcess): Promise<number | null> {
  const stopForwarding = forwardSignals(child)
  try {
    const [code]: (number | null)[] = await once(child, 'close')
    return code ?? null
  } finally {
    stopForwarding()
  }
}
