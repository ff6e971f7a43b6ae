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
  const [status, log] = await Promise.all([job.status(), job.log()])
  if (json) terminal.print(toJson({ id: batch.id, state, exitCode: status.exitCode, reason: status.reason, log }))
  else terminal.write(log)
  if (!quiet) terminal.say(`Batch ${batch.id}: ${state}${status.reason === undefined ? '' : `: ${status.reason}`}`)
  return state === 'success' ? exitCodes.success : exitCodes.failure
}
