import { setTimeout as sleep } from 'node:timers/promises'
import { confirm } from '../confirm.ts'
import { openTerraform } from '../deploy/deploy.ts'
import { findDeployAssets } from '../deploy/deploy-assets.ts'
import { type Choices, defaultChoices, withoutGeneration } from '../deploy/deployment.ts'
import { type Memory, openMemory } from '../deploy/memory.ts'
import { projectOf } from '../deploy/project-of.ts'
import { writeVariables, writeWorkingCopy } from '../deploy/working-copy.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GoogleApi } from '../google/google-api.ts'
import type { Terminal } from '../terminal.ts'
import { findTerraform } from '../terraform/find-terraform.ts'
import type { Terraform } from '../terraform/terraform.ts'
import { settle } from './aftermath.ts'
import type { DestroyFlags } from './destroy-flags.ts'
import { dataAmong, protectedTargets, targetsBesidesData } from './kept-data.ts'
import { readLiveBatches } from './live-batches.ts'
import { listMachines, removeMachines } from './machines.ts'

/** Takes the service out of the project, data only if asked for, and looks whether anything is left. Resolves with the exit code. */
export async function destroy(
  terminal: Terminal,
  connect: (project: string) => GoogleApi,
  flags: DestroyFlags,
): Promise<number> {
  const { env, say } = terminal
  const project = projectOf(env, flags.project)
  const prefix = flags.prefix ?? defaultChoices.prefix
  await findTerraform(env)
  const api = connect(project)
  const memory = openMemory(api, { env, project, prefix, keepsStateHere: flags.localState })
  const choices = await memory.recall()
  if (choices === undefined) return nothingThere(terminal, project, prefix)
  if (!flags.force && (await areBatchesLive(terminal, api, choices))) return exitCodes.refused
  writeWorkingCopy(memory.folder, { assets: findDeployAssets(env), choices, state: memory.state })
  const terraform = openTerraform(terminal, memory.folder)
  await terraform.init()
  const resources = await terraform.resources()
  say(describeLoss(resources, flags))
  if (!(await confirm(terminal, questionOf(project, prefix, flags)))) return exitCodes.refused
  if (flags.deleteData) await letGoOfData(terraform, memory, choices)
  await stopMachines(terminal, terraform, api, choices, flags.force)
  // First: names are blocked from now on, however far this comes.
  await memory.remember(withoutGeneration(choices))
  await takeDown(terraform, resources, flags.deleteData)
  return settle(terminal, { api, memory, choices, terraform, flags })
}

function nothingThere({ say }: Terminal, project: string, prefix: string): number {
  say(
    `No deployment '${prefix}' in project ${project} is remembered: check --project and --prefix, or add --local-state if it was deployed so`,
  )
  return exitCodes.notFound
}

async function areBatchesLive({ say }: Terminal, api: GoogleApi, { project, prefix }: Choices): Promise<boolean> {
  const batches = await readLiveBatches(api, project, prefix)
  if (batches.length === 0) return false
  say('Nothing is done: these batches have not ended. Cancel them by graupel cancel, or add --force:')
  for (const { id, name } of batches) say(`  ${id}  ${name ?? '-'}`)
  return true
}

function describeLoss(resources: readonly string[], { deleteData }: DestroyFlags): string {
  const data = dataAmong(resources).length
  if (deleteData) return `It deletes all ${resources.length} resources, with every batch's documents and files.`
  return `It deletes ${resources.length - data} resources. Documents and files of batches stay; --delete-data takes them, too.`
}

const questionOf = (project: string, prefix: string, { deleteData, yes }: DestroyFlags) => ({
  text: `This removes '${prefix}' from project ${project}.`,
  expected: deleteData ? project : 'yes',
  isAnswered: yes,
})

/** Protection is a setting of its own, which must be applied before anything can be deleted. */
async function letGoOfData(terraform: Terraform, memory: Memory, choices: Choices): Promise<void> {
  writeVariables(memory.folder, { ...choices, data_can_be_deleted: true })
  await terraform.plan(...protectedTargets)
  await terraform.apply()
}

/** Functions first where machines are or may come: who launches machines must be gone before them. */
async function stopMachines(
  { say }: Terminal,
  terraform: Terraform,
  api: GoogleApi,
  { project, prefix }: Choices,
  isForced: boolean,
): Promise<void> {
  const machines = await listMachines(api, project, prefix)
  if (machines.length === 0 && !isForced) return
  say(`Stopping ${machines.length} machines`)
  await terraform.plan('-destroy', '-target=google_cloudfunctions2_function.functions')
  await terraform.apply()
  await removeMachines(api, { project, prefix }, (ms) => sleep(ms))
}

async function takeDown(terraform: Terraform, resources: readonly string[], deleteData: boolean): Promise<void> {
  const targets = deleteData ? [] : targetsBesidesData(resources)
  // Without a target Terraform would take everything: where only data is left there is nothing to do.
  if (targets.length === 0 && !deleteData) return
  await terraform.plan('-destroy', ...targets)
  await terraform.apply()
}
