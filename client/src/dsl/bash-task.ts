import type { ScriptPiece } from '../model/index.ts'
import { type BashJob, commandsOf } from './bash-job.ts'
import type { JobTask } from './job-task.ts'

/** The commands of a job as one script. Each command ends its line, so that a comment ends with it. */
export function bashTask(job: BashJob, shell: string): JobTask {
  const pieces = commandsOf(job).flatMap((command) => [...command, '\n'])
  return {
    hasWork: pieces.length > 0,
    mentioned: new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.resource]))),
    texts: new Map(),
    kept: new Map(),
    toTask(pathOf) {
      if (pieces.length === 0) return { kind: 'barrier' }
      const script: ScriptPiece[] = []
      for (const piece of pieces) {
        const last = script.at(-1)
        if (typeof piece !== 'string') script.push({ path: pathOf(piece.resource), quote: piece.quote })
        else if (typeof last === 'string') script[script.length - 1] = last + piece
        else script.push(piece)
      }
      return { kind: 'bash', shell, script }
    },
  }
}
