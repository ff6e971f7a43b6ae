import { readFile } from 'node:fs/promises'

/** A killed process stays listed until its parent, which may be any program, has taken notice. */
export async function isRunning(pid: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z')
  return !text.slice(text.lastIndexOf(')')).startsWith(') Z')
}
