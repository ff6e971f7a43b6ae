import { controlOf } from '../../backends/running-job.ts'
import { type RunningBatch, ServiceBackend } from '../../index.ts'
import { exitCodes } from '../exit-codes.ts'
import { toJson } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { describeBatch } from './describe-batch.ts'
import type { SubmitFlags } from './submit-flags.ts'

/** Submits the command and, if asked to, waits for it. Resolves with the exit code. */
export async function submit(terminal: Terminal, command: readonly string[], flags: SubmitFlags): Promise<number> {
  await using backend = new ServiceBackend(
    {
      project: flags.project,
      remoteTmpdir: flags.remoteTmpdir,
      gcsRequesterPaysConfiguration: flags.requesterPaysProject,
    },
    { ...terminal.env },
  )
  const batch = describeBatch(backend, command, flags)
  const run = await batch.run({ wait: false, token: flags.token, open: flags.open })
  // Awaited here: the backend is closed when this function is left.
  return flags.wait ? await follow(terminal, run, flags) : announce(terminal, run, flags)
}

function announce({ print, say }: Terminal, { id }: RunningBatch, { json, quiet }: SubmitFlags): number {
  print(json ? toJson({ id }) : id)
  if (!quiet) say(`Follow it by: graupel wait ${id}, graupel log -f ${id} 1`)
  return exitCodes.success
}

async function follow(terminal: Terminal, batch: RunningBatch, { json, quiet }: SubmitFlags): Promise<number> {
  if (!quiet) terminal.say(`Batch ${batch.id}: submitted`)
  const { state } = await batch.wait({ throwOnFailure: false })
  const job = batch.job(1)
  const { exitCode, reason } = await job.status()
  if (json) terminal.print(toJson({ id: batch.id, state, exitCode, reason, log: await job.log() }))
  else for await (const chunk of await controlOf(job).logBytes(undefined)) await terminal.write(chunk)
  if (!quiet) terminal.say(`Batch ${batch.id}: ${state}${reason === undefined ? '' : `: ${reason}`}`)
  return state === 'success' ? exitCodes.success : exitCodes.failure
}
