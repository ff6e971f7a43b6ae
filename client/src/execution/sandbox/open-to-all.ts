import { chmod, lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Lets every user read and write a file, or a folder with all that is in it. What could be run still can. */
export async function openToAll(place: string): Promise<void> {
  const stats = await lstat(place)
  if (stats.isSymbolicLink()) return
  if (!stats.isDirectory()) return chmod(place, (stats.mode & 0o100) === 0 ? 0o666 : 0o777)
  await chmod(place, 0o777)
  for (const name of await readdir(place)) await openToAll(join(place, name))
}

/** The same for a folder alone and those around it, from `first` on. */
export async function openUpTo(folder: string, first: string): Promise<void> {
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, 0o777)
}
