import type { Assignment, AttemptEnd, JobDetail } from '../../model/index.ts'
import { withCheckpoints } from '../checkpoint/with-checkpoints.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
import { faultOfDestinations } from '../staging/check-destinations.ts'
import { copyToDestinations, type Generations, readGenerations } from '../staging/destinations.ts'
import { findOutputs } from '../staging/find-outputs.ts'
import { keepPartial } from '../staging/keep-partial.ts'
import { takeSmallValues } from '../staging/small-values.ts'
import { stageInputs } from '../staging/stage-inputs.ts'
import { storeOutputs } from '../staging/store-outputs.ts'
import { faultOfAbort, mayWrite } from './abort-reason.ts'
import { type AttemptContext, openContext } from './attempt-context.ts'
import { type AttemptFault, faultOf } from './attempt-fault.ts'
import type { AttemptOptions } from './attempt-options.ts'
import { commitManifest } from './commit-manifest.ts'
import { readDetail } from './read-detail.ts'
import { readManifest } from './read-manifest.ts'
import { runCommands } from './run-commands.ts'

/**
 * Runs one attempt of a job, from its inputs to its destinations, and says how it ended. Never rejects. Nothing of it
 * is left on the machine, and none of its files is visible unless it is the attempt whose manifest is written first.
 *
 * @example
 * const end = await runAttempt(assignment, { objects, sandbox, signal, clock: systemClock })
 */
export async function runAttempt(assignment: Assignment, options: AttemptOptions): Promise<AttemptEnd> {
  let startedAt: number | undefined
  const onStarted = (at: number) => {
    startedAt = at
    options.onStarted?.(at)
  }
  const context = openContext(assignment, { ...options, onStarted })
  const fault = await attemptJob(context).catch((error: unknown) => succeedAnyway(context, explain(context, error)))
  await context.journal.close(fault)
  const peak = context.journal.peak()
  const seen = { ...(startedAt !== undefined && { startedAt }), endedAt: options.clock.now(), ...(peak && { peak }) }
  return fault === undefined ? { ...exitZero(startedAt), ...seen } : { ...endOf(fault), ...seen }
}

/** @throws whatever ends the attempt otherwise than by success */
async function attemptJob(context: AttemptContext): Promise<undefined> {
  const detail = await readDetail(context)
  if (isEmpty(detail)) return
  if (await finishEarlierSuccess(context, detail)) return
  const workspace = await context.options.sandbox.open(context.assignment, {
    hasCommands: detail.task.kind !== 'barrier',
    signal: context.options.signal,
    objects: context.objects,
  })
  try {
    await stageInputs(context, detail, workspace)
    const before = await readGenerations(context, detail)
    await withCheckpoints(context, workspace, async () => {
      context.journal.enter('main')
      const fault = detail.task.kind === 'barrier' ? undefined : await runCommands(context, detail.task, workspace)
      context.journal.enter('output')
      await commitOutputs(context, detail, workspace, before, fault)
    })
  } finally {
    // What cannot be removed is not the job's fault; an agent clears its scratch folder when it starts.
    await workspace.remove().catch(() => undefined)
  }
}

async function commitOutputs(
  context: AttemptContext,
  detail: JobDetail,
  workspace: Workspace,
  before: Generations,
  commandFault: AttemptFault | undefined,
): Promise<void> {
  const found = await findOutputs(detail, workspace)
  const fault = commandFault ?? found.fault ?? faultOfDestinations(detail, found)
  if (fault !== undefined) {
    await keepPartial(context, detail, found, workspace, before)
    throw fault
  }
  // A job that passes nothing on has nothing to commit, and is spared an object.
  if (detail.outputs.length === 0) return
  const { values, files } = await takeSmallValues(found, workspace)
  const outputs = await storeOutputs(context, files, workspace)
  await copyToDestinations(context, detail, await commitManifest(context, { outputs, values }))
}

/** An attempt that committed its files and was lost before it could say so has done the work; a first one has no such. */
async function finishEarlierSuccess(context: AttemptContext, detail: JobDetail): Promise<boolean> {
  if (context.assignment.attempt === 1) return false
  const manifest = await readManifest(context)
  if (manifest === undefined) return false
  await copyToDestinations(context, detail, manifest)
  return true
}

/** Another attempt may have committed meanwhile: then the job has succeeded, whatever happened to this one. */
async function succeedAnyway(context: AttemptContext, fault: AttemptFault): Promise<AttemptFault | undefined> {
  if (!mayWrite(context.options.signal)) return fault
  try {
    const manifest = await readManifest(context, context.assignment.job, context.lastIo)
    if (manifest === undefined) return fault
    await copyToDestinations(context, await readDetail(context), manifest)
    return undefined
  } catch {
    return fault
  }
}

/** Whatever goes wrong in an attempt that is being ended from outside goes wrong because of that. */
const explain = ({ options }: AttemptContext, error: unknown): AttemptFault =>
  options.signal.aborted ? faultOfAbort(options.signal) : faultOf(error)

/** A barrier that passes no file on. */
const isEmpty = (detail: JobDetail) =>
  detail.task.kind === 'barrier' && detail.inputs.length === 0 && detail.outputs.every((output) => !output.isNeeded)

const exitZero = (startedAt: number | undefined): AttemptEnd =>
  startedAt === undefined ? { cause: 'success' } : { cause: 'success', exitCode: 0 }

function endOf(fault: AttemptFault): AttemptEnd {
  const message = fault.message.length <= 2000 ? fault.message : `${fault.message.slice(0, 1999)}…`
  return {
    cause: fault.faultCause,
    ...(message !== '' && { message }),
    ...(fault.exitCode !== undefined && { exitCode: fault.exitCode }),
    ...(fault.isLasting && { isLasting: true }),
  }
}
