import { readdir, readlink, stat } from 'node:fs/promises'
import { sessionsOf } from './sessions.ts'

const blockBytes = 512

/** What files take on the disk of `folder` that a job has deleted and still has open. 0 where there is no /proc. */
export async function deletedBytesOf(leader: number, folder: string): Promise<number> {
  const { dev: disk } = await stat(folder)
  const sizes = new Map<number, number>()
  for (const pid of sessionsOf(new Set([leader])).get(leader)?.pids ?? []) {
    const folderOfPid = `/proc/${pid}/fd`
    for (const name of await readdir(folderOfPid).catch(() => [])) {
      const path = `${folderOfPid}/${name}`
      const target = await readlink(path).catch(() => '')
      if (!target.endsWith(' (deleted)')) continue
      const found = await stat(path).catch(() => undefined)
      if (found?.isFile() && found.dev === disk && found.nlink === 0) sizes.set(found.ino, found.blocks * blockBytes)
    }
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
}
