import { renderScript, type Task } from '../../model/index.ts'
import { checkpointFolder, checkpointVariable } from '../checkpoint/checkpoint-folder.ts'
import type { CommandEnd, Program, Workspace } from '../sandbox/sandbox.ts'
import { abortKind, faultOfAbort } from './abort-reason.ts'
import type { AttemptContext } from './attempt-context.ts'
import type { AttemptFault } from './attempt-fault.ts'
import { faultOfCommands } from './command-faults.ts'

/** A task that has something to run. */
export type RunnableTask = Exclude<Task, { kind: 'barrier' }>

const preamble = 'set -e\n'

/** Runs the job's commands. Returns what is wrong with their end, if anything is. */
export async function runCommands(
  context: AttemptContext,
  task: RunnableTask,
  workspace: Workspace,
): Promise<AttemptFault | undefined> {
  const { assignment, options } = context
  const end = await runToEnd(context, task, workspace)
  await explainSignal(context, end)
  if (options.signal.aborted) throw faultOfAbort(options.signal)
  return faultOfCommands(end, assignment)
}

/** What the commands had is given back as soon as they have ended, whatever that means. */
async function runToEnd(context: AttemptContext, task: RunnableTask, workspace: Workspace): Promise<CommandEnd> {
  const { assignment, options, journal } = context
  const leave = await options.enter?.(assignment, options.signal)
  const limit = startTimeLimit(context)
  let endWatch: (() => void) | undefined
  try {
    const startedAt = options.clock.now()
    options.onStarted?.(startedAt)
    return await workspace.run({
      program: programOf(task, workspace.root),
      env: environmentOf(context, workspace),
      signal: AbortSignal.any([options.signal, limit.signal]),
      graceMs: () => (options.signal.aborted && abortKind(options.signal) === 'lost' ? 0 : (options.graceMs ?? 10_000)),
      print: (chunk) => journal.print(chunk),
      onRunning: (probe) => {
        endWatch = options.usage?.watch(probe, (at, reading) => journal.addUsage(startedAt, at, reading))
      },
    })
  } finally {
    endWatch?.()
    limit.clear()
    leave?.()
    options.onCommandsEnded?.()
  }
}

function programOf(task: RunnableTask, root: string): Program {
  if (task.kind !== 'bash') return { kind: 'calls', task }
  const script = preamble + renderScript(task.script, (path) => `${root}/${path}`)
  return { kind: 'script', shell: task.shell, script }
}

function startTimeLimit({ assignment, options }: AttemptContext) {
  const limit = new AbortController()
  const cleared = new AbortController()
  const { timeoutMs } = assignment.template
  if (timeoutMs !== undefined) {
    void options.clock.sleep(timeoutMs, cleared.signal).then(() => {
      if (!cleared.signal.aborted) limit.abort('time limit')
    })
  }
  return { signal: limit.signal, clear: () => cleared.abort('ended') }
}

/** A signal from outside may be the first sign of a notice: the notice decides, so it gets time to come. */
async function explainSignal({ options }: AttemptContext, end: CommandEnd): Promise<void> {
  const isUnexplained = end.kind === 'signalled' || (end.kind === 'exited' && end.exitCode > 128)
  if (isUnexplained && options.explainMs) await options.clock.sleep(options.explainMs, options.signal)
}

function environmentOf({ assignment }: AttemptContext, workspace: Workspace): Record<string, string> {
  return {
    GRAUPEL_BATCH_ID: assignment.batch,
    GRAUPEL_JOB_ID: String(assignment.job),
    GRAUPEL_ATTEMPT_ID: `${assignment.batch}-${assignment.job}-${assignment.attempt}`,
    ...assignment.template.env,
    BATCH_TMPDIR: workspace.root,
    ...(assignment.template.checkpoint && { [checkpointVariable]: `${workspace.root}/${checkpointFolder}` }),
  }
}
