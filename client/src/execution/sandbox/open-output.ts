import { constants, createWriteStream } from 'node:fs'
import { copyFile, type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isWithin, type LinkRule, leadsOut, unfit } from './resolve-output.ts'

/** Linux gives every open file a path that leads to just this file, whatever has its old path by now. */
const hasDescriptorPaths = process.platform === 'linux'

/** Neither a link in the place of what was resolved is followed, nor a writer of a pipe waited for. */
const carefully = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

interface Resolved {
  /** Where it was found, free of links. */
  readonly real: string
  /** What messages call it. */
  readonly path: string
}

/**
 * Opens a file that was resolved a moment ago. Commands that still run may have put something else in its place, or in
 * that of a folder around it: so it is the open file that must be a regular one and lie where the rule allows, not its
 * path. The rule is a real one.
 */
export async function openOutput(
  { real, path }: Resolved,
  rule: LinkRule,
  byDescriptor: boolean = hasDescriptorPaths,
): Promise<FileHandle> {
  const handle = await openCarefully({ real, path })
  try {
    if (!(await handle.stat()).isFile()) throw unfit(path, 'is neither a file nor a folder')
    await expectInside(handle, { real, path }, rule, byDescriptor)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Copies what is open, not what lies at its path by now. Shares the disk's blocks where the file system can. */
export async function copyOpen(handle: FileHandle, target: string, byDescriptor = hasDescriptorPaths): Promise<void> {
  if (byDescriptor) return copyFile(descriptorPath(handle), target, constants.COPYFILE_FICLONE)
  await pipeline(handle.createReadStream({ autoClose: false }), createWriteStream(target))
}

/** Where others read what is open; where there is no such path, `real` must do. */
export const pathOfOpen = (handle: FileHandle, real: string): string =>
  hasDescriptorPaths ? descriptorPath(handle) : real

/** The names in a folder, with the same care. */
export async function listFolder({ real, path }: Resolved, rule: LinkRule): Promise<Buffer[]> {
  if (rule === 'anywhere') return readdir(real, { encoding: 'buffer' })
  const handle = await openCarefully({ real, path })
  try {
    await expectInside(handle, { real, path }, rule, hasDescriptorPaths)
    return await readdir(hasDescriptorPaths ? descriptorPath(handle) : real, { encoding: 'buffer' })
  } finally {
    await handle.close()
  }
}

async function openCarefully({ real, path }: Resolved): Promise<FileHandle> {
  try {
    return await open(real, carefully)
  } catch (error) {
    if (Object(error).code === 'ELOOP') throw unfit(path, 'was replaced by a symbolic link meanwhile')
    throw error
  }
}

async function expectInside(
  handle: FileHandle,
  { real, path }: Resolved,
  rule: LinkRule,
  byDescriptor: boolean,
): Promise<void> {
  if (rule === 'anywhere') return
  const place = byDescriptor ? await readlink(descriptorPath(handle)) : await placeNow(handle, real)
  if (!isWithin(place, rule.hostRoot)) throw unfit(path, leadsOut)
}

/** Where the open file lies, if the path still leads to it; else nowhere. */
async function placeNow(handle: FileHandle, real: string): Promise<string> {
  const place = await realpath(real)
  const [opened, found] = [await handle.stat(), await lstat(place)]
  return opened.ino === found.ino && opened.dev === found.dev ? place : ''
}

const descriptorPath = (handle: FileHandle): string => `/proc/self/fd/${handle.fd}`
