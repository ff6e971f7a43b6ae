import { AttemptFault, messageOf } from '../../attempt/attempt-fault.ts'
import { hasYounger, killGroup, killTree, newestPid } from '../../process/kill-tree.ts'
import type { OutputPipe } from '../../process/output-pipes.ts'
import type { ProcessMark } from '../../process/process-mark.ts'
import { describeExit, type FollowedCommand, followToEnd, killed } from '../../process/run-process.ts'
import { Overrun } from '../../sandbox/overrun.ts'
import type { CommandEnd } from '../../sandbox/sandbox.ts'
import type { WarmRequest } from '../call-messages.ts'
import type { RunnerPool } from './runner-pool.ts'
import { type CallsOutcome, WarmRunner } from './warm-runner.ts'

export interface WarmCommand extends FollowedCommand {
  readonly pool: RunnerPool
  /** Tells which runners will do. */
  readonly key: string
  /** Starts a new one. */
  readonly words: readonly [string, ...string[]]
  /** What a new one is marked with; `mark` is for what the functions start. */
  readonly runnerMark: ProcessMark
  readonly request: Omit<WarmRequest, 'env' | 'output'>
}

/** Runners that die at their start; the next one's end is told as the job's. */
const mostStarted = 3

/** Calls functions in a runner that is there, or in a new one. No process of them is left, but the runner perhaps. */
export async function runWarmCalls(command: WarmCommand): Promise<CommandEnd> {
  for (let started = 0; ; ) {
    if (command.signal.aborted) return killed
    const { outcome, wasUsed, overrun } = await runOnce(command)
    if (command.signal.aborted) return killed
    if (!wasUsed) started++
    // It has died before it began, so nothing of the calls has happened. A new one should not, but is not the job's fault.
    if (outcome.kind === 'exited' && !outcome.hasBegun && started < mostStarted) continue
    return overrun.explain(describeOutcome(outcome))
  }
}

interface RanOnce {
  readonly outcome: CallsOutcome
  readonly wasUsed: boolean
  readonly overrun: Overrun
}

async function runOnce(command: WarmCommand): Promise<RanOnce> {
  const pipe = await command.pipes.open()
  const release = once(() => command.pipes.release(pipe))
  let hasEnded = false
  try {
    const waiting = command.pool.take(command.key)
    const runner = waiting ?? (await startRunner(command, pipe))
    // Before the functions can start any.
    const since = newestPid()
    const run = runner.run(requestOf(command, pipe), release)
    void run.then(release)
    const isReusable = run.then((outcome) => leavesNothing(outcome, runner, command, since))
    command.onRunning?.(() => command.usageOf(runner.pid))
    const overrun = new Overrun(command.watchOf(runner.pid), () => killGroup(runner.pid, 'SIGKILL'))
    hasEnded = await followRun({ run, isReusable }, runner, pipe, command).finally(() => overrun.stop())
    return { outcome: await run, wasUsed: waiting !== undefined, overrun }
  } finally {
    release()
    pipe.reader.destroy()
    await command.pipes.giveBack(pipe, hasEnded)
  }
}

interface Run {
  readonly run: Promise<CallsOutcome>
  readonly isReusable: Promise<boolean>
}

/** Whether the output has ended. The runner is in the pool again, or dead. */
async function followRun({ run, isReusable }: Run, runner: WarmRunner, pipe: OutputPipe, command: WarmCommand) {
  try {
    const hasEnded = await followToEnd(runner.pid, run, pipe, command, async () => {
      if (!(await isReusable)) await killTree(runner.pid, command.mark)
    })
    // Until here a stop would have ended the runner; from here on it may be another attempt's.
    if (hasEnded && !command.signal.aborted && (await isReusable)) command.pool.giveBack(command.key, runner)
    else await end(runner, command)
    return hasEnded
  } catch (error) {
    runner.kill()
    throw error
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}

async function leavesNothing(
  outcome: CallsOutcome,
  runner: WarmRunner,
  { mark }: WarmCommand,
  since: number | undefined,
) {
  return outcome.kind === 'ended' && !(await hasYounger(runner.pid, mark, since))
}

async function end(runner: WarmRunner, { mark }: WarmCommand): Promise<void> {
  await killTree(runner.pid, mark)
  await runner.end()
}

async function startRunner({ words, env, pool, runnerMark }: WarmCommand, pipe: OutputPipe): Promise<WarmRunner> {
  try {
    const marked = { ...env, [runnerMark.name]: runnerMark.value }
    const runner = await WarmRunner.start({ words, env: marked, output: pipe.writer })
    pool.add(runner)
    return runner
  } catch (error) {
    const message = `No runner of functions could be started: ${messageOf(error)}`
    throw new AttemptFault('infrastructure', message, { cause: error })
  }
}

function requestOf({ request, env, mark }: WarmCommand, { path }: OutputPipe): WarmRequest {
  return { ...request, env: { ...env, [mark.name]: mark.value }, output: path }
}

function describeOutcome(outcome: CallsOutcome): CommandEnd {
  const { message } = outcome
  const end: CommandEnd =
    outcome.kind === 'ended' ? { kind: 'exited', exitCode: outcome.exitCode } : describeExit(outcome.exit)
  return end.kind === 'exited' && end.exitCode !== 0 && message !== undefined ? { ...end, message } : end
}
