import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Reads `add` and `drop` lines with process groups. When its input ends, because this program closed it or died in
 * whatever way, it ends the groups that are left: kindly, and after five seconds by force.
 */
const script = `
groups=' '
while read -r verb group; do
  case $verb in
    add) groups="$groups$group " ;;
    drop) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
for _ in 1 2 3 4 5 6 7 8 9 10; do
  alive=
  for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && exit 0
  sleep 0.5
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`

/** Sees to it that no process outlives this one, even when this one is killed outright. */
export interface Watchdog {
  /** The process must lead its own group (`detached`). */
  guard(child: ChildProcess): void
  /** Ends the groups that are left and resolves when they are gone. */
  close(): Promise<void>
}

export function startWatchdog(): Watchdog {
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const exited = new Promise<void>((resolve) => shell.once('close', () => resolve()))
  shell.stdin.on('error', () => {})
  const tell = (verb: 'add' | 'drop', group: number) => shell.stdin.write(`${verb} ${group}\n`)
  return {
    guard(child) {
      const group = child.pid
      if (group === undefined) return
      tell('add', group)
      child.once('exit', () => shell.stdin.writable && tell('drop', group))
    },
    close() {
      shell.stdin.end()
      return exited
    },
  }
}
