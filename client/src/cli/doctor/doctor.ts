import { type Environment, readServiceConfiguration } from '../../backends/service/service-configuration.ts'
import { ServiceBackend } from '../../index.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { toJson } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { Check, Subject } from './check.ts'
import { checksBeforeDeploying, checksOfService } from './checks.ts'
import { exitCodeOfFindings, type Finding, skipped } from './finding.ts'
import { runChecks } from './run-checks.ts'
import { serviceChecks } from './service-checks.ts'
import { countFindings, showFinding } from './show-finding.ts'
import { runSmokeBatch } from './smoke-batch.ts'
import { subjectOf, withChoices } from './subject.ts'

export interface Examination {
  readonly subject: Subject
  readonly checks: readonly Check[]
  readonly api: GoogleApi
  readonly env: Environment
  readonly smoke: 'run' | 'leave out'
  readonly timeoutSeconds: number
  /** The servers on this machine stand for Google's. */
  readonly isEmulated: boolean
}

/** The checks that make sense: Google's own are not asked of emulators, and deploying is looked at before there is a service. */
export function chooseChecks(subject: Subject, of: 'service' | 'deploying' | 'emulator'): readonly Check[] {
  switch (of) {
    case 'service':
      return checksOfService(subject)
    case 'deploying':
      return checksBeforeDeploying()
    case 'emulator':
      return serviceChecks.filter(({ id }) => id === 'smoke').map((check) => ({ ...check, needs: [], stoppedBy: [] }))
    default:
      return of satisfies never
  }
}

/** Runs the checks and tells each finding as it comes. */
export function examine(terminal: Pick<Terminal, 'say'>, examination: Examination): Promise<Finding[]> {
  const { subject, checks, api } = examination
  const context = { api, subject, runSmokeBatch: () => smoke(examination) }
  return runChecks(checks, context, (finding) => terminal.say(showFinding(finding)))
}

async function smoke({ env, smoke, timeoutSeconds, isEmulated }: Examination) {
  if (smoke === 'leave out') return skipped('left out, as you asked')
  await using backend = new ServiceBackend({}, { ...env })
  // Of Docker Hub: machines must find its mirror.
  return await runSmokeBatch(backend, { image: isEmulated ? undefined : 'busybox', timeoutSeconds })
}

/** What `graupel doctor` does. Resolves with the exit code. */
export async function doctor(
  terminal: Terminal,
  connect: (project: string) => GoogleApi,
  flags: DoctorFlags,
): Promise<number> {
  const { env } = terminal
  const examination = flags.deploying
    ? deployingExamination(env, connect, flags)
    : await serviceExamination(env, connect, flags)
  // As JSON the findings are the data; for people the lines are.
  const findings = await examine({ say: flags.json ? () => undefined : terminal.print }, examination)
  if (flags.json) for (const finding of findings) terminal.print(toJson(finding))
  terminal.say(`${examination.subject.project}: ${countFindings(findings)}`)
  return exitCodeOfFindings(findings)
}

export interface DoctorFlags {
  readonly deploying: boolean
  readonly smoke: boolean
  readonly timeout: number
  readonly project?: string
  readonly region?: string
  readonly json?: boolean
}

type Connect = (project: string) => GoogleApi

async function serviceExamination(env: Environment, connect: Connect, flags: DoctorFlags): Promise<Examination> {
  const configuration = readServiceConfiguration({ project: flags.project }, env)
  const api = connect(configuration.project)
  const isEmulated = configuration.firestoreHost !== undefined
  const known = subjectOf(configuration, env, flags.region)
  const subject = isEmulated ? known : await withChoices(known, api, env)
  return {
    subject,
    checks: chooseChecks(subject, isEmulated ? 'emulator' : 'service'),
    api,
    env,
    smoke: flags.smoke ? 'run' : 'leave out',
    timeoutSeconds: flags.timeout,
    isEmulated,
  }
}

/** Nothing but the project needs to be known yet. */
function deployingExamination(env: Environment, connect: Connect, flags: DoctorFlags): Examination {
  const nowhere = { remoteTmpdir: 'gs://not-there' }
  const configuration = readServiceConfiguration({ project: flags.project, ...nowhere }, env)
  const subject = subjectOf(configuration, env, flags.region)
  return {
    subject,
    checks: chooseChecks(subject, 'deploying'),
    api: connect(subject.project),
    env,
    smoke: 'leave out',
    timeoutSeconds: flags.timeout,
    isEmulated: false,
  }
}
