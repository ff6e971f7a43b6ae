import { rmSync } from 'node:fs'
import { configurationPath, readConfigurationFile } from '../../backends/service/service-configuration.ts'
import { writeConfigurationFile } from '../config/write-configuration.ts'
import type { Choices } from '../deploy/deployment.ts'
import type { Memory } from '../deploy/memory.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { toJson } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { Terraform } from '../terraform/terraform.ts'
import type { DestroyFlags } from './destroy-flags.ts'
import { dataAmong } from './kept-data.ts'
import { findLeftBehind } from './left-behind.ts'
import { removeFunctionSources } from './remove-function-sources.ts'

export interface Aftermath {
  readonly api: GoogleApi
  readonly memory: Memory
  readonly choices: Choices
  readonly terraform: Terraform
  readonly flags: DestroyFlags
}

/** What stays on purpose is told; anything else that is found is a failure. Resolves with the exit code. */
export async function settle(terminal: Terminal, aftermath: Aftermath): Promise<number> {
  const { api, memory, choices, terraform, flags } = aftermath
  await removeFunctionSources(terminal, api, choices)
  const inState = await terraform.resources()
  const found = await findLeftBehind(api, choices)
  const wanted = new Set(expectedToStay(choices, memory, flags))
  const kept = found.filter((name) => wanted.has(name))
  const unexpected = [
    ...found.filter((name) => !wanted.has(name)),
    ...inState.filter((address) => flags.deleteData || dataAmong([address]).length === 0),
  ]
  if (unexpected.length === 0 && flags.deleteData) await forget(terminal, aftermath)
  const left = flags.deleteData && unexpected.length === 0 ? [] : kept
  tell(terminal, { left, unexpected, flags })
  return unexpected.length === 0 ? exitCodes.success : exitCodes.failure
}

function expectedToStay({ project, prefix }: Choices, { state }: Memory, { deleteData }: DestroyFlags): string[] {
  const stateBucket = state.kind === 'bucket' ? [`bucket ${state.bucket}`] : []
  return deleteData ? stateBucket : [...stateBucket, `bucket ${project}-${prefix}-batches`, `database ${prefix}`]
}

/** The state, this machine's working folder, and the user's settings if they mean this deployment. */
async function forget({ env }: Terminal, { memory, choices }: Aftermath): Promise<void> {
  await memory.forget()
  rmSync(memory.folder, { recursive: true, force: true })
  const path = configurationPath(env)
  const { user, ...deployed } = readConfigurationFile(path)
  if (deployed.project !== choices.project || deployed.topicPrefix !== choices.prefix) return
  writeConfigurationFile(path, user === undefined ? {} : { user })
}

interface Remains {
  readonly left: readonly string[]
  readonly unexpected: readonly string[]
  readonly flags: DestroyFlags
}

function tell({ print, say }: Terminal, { left, unexpected, flags }: Remains): void {
  if (flags.json) print(toJson({ left, unexpected }))
  else for (const name of left) print(`kept: ${name}`)
  for (const name of unexpected) say(`Still there, and should not be: ${name}`)
  if (unexpected.length > 0) say('Run graupel destroy again; what stays then, delete in the console')
  else say(left.length === 0 ? 'Nothing is left behind' : 'Nothing else is left behind')
  say(
    "Google keeps some things of its own: the APIs that are on, logs for 30 days, the bucket gcf-v2-sources-… of Cloud Functions without graupel's sources; names of queues are blocked for 7 days and ids of roles for 37, which the next deployment does without",
  )
}
