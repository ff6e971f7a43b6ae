import { randomBytes } from 'node:crypto'
import {
  configurationPath,
  readConfigurationFile,
  readServiceConfiguration,
} from '../../backends/service/service-configuration.ts'
import { connectDocker } from '../../execution/container/connect-docker.ts'
import { writeConfigurationFile } from '../config/write-configuration.ts'
import { confirm } from '../confirm.ts'
import { chooseChecks, examine } from '../doctor/doctor.ts'
import { exitCodeOfFindings, type Finding } from '../doctor/finding.ts'
import { countFindings } from '../doctor/show-finding.ts'
import { subjectOf, withChoices } from '../doctor/subject.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { toJson } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { findTerraform } from '../terraform/find-terraform.ts'
import { Terraform } from '../terraform/terraform.ts'
import type { PlanSummary } from '../terraform/terraform-messages.ts'
import { type AgentImage, planAgentImage, showAgentImage } from './agent-image.ts'
import { askForPubsubIdentity } from './ask-for-pubsub-identity.ts'
import { buildAgentImage, checkBuild, pushAgentImage } from './build-agent-image.ts'
import { type ChoiceFlags, choose } from './choose.ts'
import { findDeployAssets } from './deploy-assets.ts'
import { deployedConfiguration, jobAccount } from './deployed-configuration.ts'
import { type Choices, defaultChoices, newGeneration } from './deployment.ts'
import { idleCosts, showIdleCosts, sumOf } from './idle-cost.ts'
import { type Memory, openMemory } from './memory.ts'
import { tellPrices } from './price-age.ts'
import { projectOf } from './project-of.ts'
import { writeWorkingCopy } from './working-copy.ts'

export interface DeployFlags extends ChoiceFlags {
  readonly localState: boolean
  readonly plan: boolean
  readonly yes: boolean
  readonly verify: boolean
  readonly timeout: number
  readonly json?: boolean
}

/** Checks, plans, shows what it costs, asks, builds the agent's image, applies, writes the user's settings, verifies. Resolves with the exit code. */
export async function deploy(
  terminal: Terminal,
  connect: (project: string) => GoogleApi,
  flags: DeployFlags,
): Promise<number> {
  const { env, say } = terminal
  const project = projectOf(env, flags.project)
  const assets = findDeployAssets(env)
  say(`Terraform ${await findTerraform(env)}; project ${project}`)
  const api = connect(project)
  const prefix = flags.prefix ?? defaultChoices.prefix
  const memory = openMemory(api, { env, project, prefix, keepsStateHere: flags.localState })
  const before = await checkBefore(terminal, api, project)
  if (before !== exitCodes.success) return before
  const chosen = choose(flags, project, { generation: newGeneration(), ...(await memory.recall()) })
  const image = await planAgentImage(api, env, { choices: chosen, context: assets.worker })
  const choices = { ...chosen, worker_image: image.reference }
  const docker = await connectDocker()
  await checkBuild(docker, image, { isPlan: flags.plan, say })
  await memory.prepare(choices)
  writeWorkingCopy(memory.folder, { assets, choices, state: memory.state })
  const terraform = openTerraform(terminal, memory.folder)
  await terraform.init()
  const plan = await terraform.plan()
  say(showPlan(plan))
  say(showAgentImage(image, choices))
  say(showIdleCosts(idleCosts(choices)))
  say(tellPrices(assets.functions, new Date()) ?? 'Nobody says of which day the prices of machines are.')
  if (flags.plan) return report(terminal, flags, { choices, plan, image, state: 'planned', findings: [] })
  const question = { text: `This changes project ${project}.`, expected: 'yes', isAnswered: flags.yes }
  if (!(await confirm(terminal, question))) return exitCodes.refused
  // Built before anything is changed, and pushed as soon as there is a repository: no machine shall look for it in vain.
  if (image.state === 'missing') await buildAgentImage(docker, image, say)
  if (image.state === 'missing' && image.hasRepository) await pushAgentImage(docker, api, image.reference)
  await askForPubsubIdentity(terminal, api, project)
  await apply(terminal, terraform, memory, choices)
  if (image.state === 'missing' && !image.hasRepository) await pushAgentImage(docker, api, image.reference)
  const findings = flags.verify ? await verify(terminal, api, flags) : []
  return report(terminal, flags, { choices, plan, image, state: 'deployed', findings })
}

/** The key is new each time and kept nowhere here: Terraform stores it when its version is raised, else it is not used. */
export const openTerraform = ({ env, say }: Terminal, folder: string): Terraform =>
  new Terraform({ folder, say, env: { ...env, TF_VAR_service_key: randomBytes(32).toString('hex') } })

/** Only what is wrong is worth a line. */
async function checkBefore({ env, say }: Terminal, api: GoogleApi, project: string): Promise<number> {
  const configuration = readServiceConfiguration({ project, remoteTmpdir: 'gs://not-there' }, env)
  const subject = subjectOf(configuration, env, undefined)
  const findings = await examine(
    { say: () => undefined },
    {
      subject,
      api,
      env,
      checks: chooseChecks(subject, 'deploying'),
      smoke: 'leave out',
      timeoutSeconds: 0,
      isEmulated: false,
    },
  )
  for (const finding of findings)
    if ('remedy' in finding) say(`${finding.title}: ${finding.detail}\n  → ${finding.remedy}`)
  const stops = findings.filter(
    ({ id, state }) => state === 'failed' || (state === 'unknown' && ['login', 'project'].includes(id)),
  )
  if (stops.length > 0) say(`Nothing is done: ${countFindings(findings)}`)
  return exitCodeOfFindings(stops)
}

async function apply({ env, say }: Terminal, terraform: Terraform, memory: Memory, choices: Choices): Promise<void> {
  // Remembered first: an apply that breaks off is gone on with by the same choices.
  await memory.remember(choices)
  await terraform.apply()
  const path = configurationPath(env)
  const { user } = readConfigurationFile(path)
  const outputs = await terraform.outputs()
  const deployed = deployedConfiguration(outputs, choices)
  writeConfigurationFile(path, user === undefined ? deployed : { ...deployed, user })
  say(`Programs with a ServiceBackend find the service by ${path}`)
  say(`Jobs act on Google Cloud as ${jobAccount(outputs)}; grant it what their programs may do by themselves`)
}

async function verify(terminal: Terminal, api: GoogleApi, { timeout }: DeployFlags): Promise<readonly Finding[]> {
  const { env } = terminal
  const subject = await withChoices(subjectOf(readServiceConfiguration({}, env), env, undefined), api, env)
  const checks = chooseChecks(subject, 'service')
  return examine(terminal, { subject, api, env, checks, smoke: 'run', timeoutSeconds: timeout, isEmulated: false })
}

function showPlan({ add, change, remove, losses }: PlanSummary): string {
  const lost = losses.length === 0 ? [] : ['It deletes or replaces:', ...losses.map((address) => `  ${address}`)]
  return [`It makes ${add}, changes ${change}, deletes ${remove}.`, ...lost].join('\n')
}

interface Outcome {
  readonly choices: Choices
  readonly plan: PlanSummary
  readonly image: AgentImage
  readonly state: 'planned' | 'deployed'
  readonly findings: readonly Finding[]
}

function report({ print, say }: Terminal, { json }: DeployFlags, outcome: Outcome): number {
  const { choices, plan, image, state, findings } = outcome
  if (json) {
    const { reference, state: imageState } = image
    const cost = { idleUsdPerMonth: sumOf(idleCosts(choices)) }
    print(toJson({ state, choices, plan, image: { reference, state: imageState }, ...cost, findings }))
  }
  if (state === 'planned') return exitCodes.success
  if (findings.length > 0) say(countFindings(findings))
  say('Deployed. Try: graupel submit --wait -- echo hello')
  return exitCodeOfFindings(findings)
}
