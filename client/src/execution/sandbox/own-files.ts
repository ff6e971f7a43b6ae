import { constants, copyFileSync } from 'node:fs'
import { chmod, copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { atOnce } from '../../storage/index.ts'

/** What is longer is copied by a thread, so that it holds up nobody else. */
const maxBytesHere = 256 * 1024

/** A file with other names is not the attempt's alone: a copy, which shares the disk's blocks if it can, takes its place. */
export async function makeOwn(place: string): Promise<void> {
  const { nlink, size } = await atOnce.stat(place)
  if (nlink === 1n) return
  // The file's own name may be as long as a name can be.
  const copy = join(dirname(place), `.graupel-${crypto.randomUUID()}`)
  if (size <= maxBytesHere) copyFileSync(place, copy, constants.COPYFILE_FICLONE)
  else await copyFile(place, copy, constants.COPYFILE_FICLONE)
  await atOnce.rename(copy, place)
}

export interface Rights {
  readonly isExecutable?: boolean | undefined
  readonly isWritable?: boolean | undefined
  /** Not for this user alone. */
  readonly isForAnyUser?: boolean | undefined
}

/** Gives the file at `place` these rights, beside those that it has. */
export async function allow(place: string, { isExecutable, isWritable, isForAnyUser }: Rights): Promise<void> {
  const readable = isForAnyUser ? 0o444 : 0
  const writable = isWritable ? (isForAnyUser ? 0o666 : 0o600) : 0
  const added = readable | writable | (isExecutable ? 0o111 : 0)
  if (added === 0) return
  const had = Number((await atOnce.stat(place)).mode) & 0o777
  if ((had | added) !== had) await chmod(place, had | added)
}
