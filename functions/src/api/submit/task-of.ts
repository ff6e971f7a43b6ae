import { posix } from 'node:path'
import { type Task, writeInQuotes } from 'graupel/model'
import type { HailProcess } from './hail-job.ts'
import type { RefuseJob } from './refuse.ts'

const shells: ReadonlySet<string> = new Set(['ash', 'bash', 'dash', 'ksh', 'sh', 'zsh'])

/** Workers put `set -e` before a script; where the client has said itself what its shell is to do, that must not hold. */
const asWritten = 'set +e\n'

export interface TaskAndImage {
  readonly task: Task
  /** Absent: the worker's default, or none: a process of the worker. */
  readonly image?: string
}

/** What the job runs, exactly as the client asks. */
export function taskOf(process: HailProcess, refuse: RefuseJob): TaskAndImage {
  switch (process.type) {
    case 'docker':
      return { task: taskOfCommand(process.command, refuse), image: process.image }
    case 'bash':
      refuseNul('script', process.script, refuse)
      return { task: { kind: 'bash', shell: process.shell ?? '/bin/bash', script: [process.script] } }
    case 'jvm':
      throw refuse("has a process of type 'jvm', which only Hail's own workers run; use type 'docker'")
    default:
      return process satisfies never
  }
}

function taskOfCommand(command: readonly string[], refuse: RefuseJob): Task {
  for (const word of command) refuseNul('command', word, refuse)
  const [shell = '', flag, script = ''] = command
  if (shell === '') throw refuse('has a command whose program is empty; name one')
  if (command.length === 3 && flag === '-c' && shells.has(posix.basename(shell)))
    return { kind: 'bash', shell, script: [asWritten, script] }
  const words = command.map((word) => writeInQuotes(word, 'bare'))
  return { kind: 'bash', shell: '/bin/sh', script: [`exec ${words.join(' ')}`] }
}

function refuseNul(what: string, text: string, refuse: RefuseJob): void {
  if (text.includes('\0')) throw refuse(`has a NUL character in its ${what}, which no program can be given; remove it`)
}
