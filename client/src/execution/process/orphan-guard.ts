import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { entryOfAgent } from './process-mark.ts'

/** Waits for the end of its input, which comes with the end of this process, and kills what carries the mark. */
const script = `read -r line
for round in 1 2 3 4 5 6 7 8 9; do
  files=$(grep -lsF -- "$1" /proc/[0-9]*/environ)
  [ -n "$files" ] || exit
  for file in $files; do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" 2> /dev/null
  done
done`

/**
 * Sees to it that no job outlives this process, even if this process is killed in a way that it cannot notice. Needs
 * Linux; elsewhere it does nothing.
 * @returns ends the guard, when no job is left
 */
export function startOrphanGuard(agent: string): () => unknown {
  if (process.platform !== 'linux') return () => undefined
  const entry = entryOfAgent(agent).replaceAll('\0', '')
  const guard = spawn('/bin/sh', ['-c', script, 'sh', entry], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  // Without a guard all is as it would be elsewhere.
  guard.on('error', () => undefined)
  guard.stdin.on('error', () => undefined)
  guard.unref()
  if (guard.stdin instanceof Socket) guard.stdin.unref()
  return () => guard.kill('SIGKILL')
}
