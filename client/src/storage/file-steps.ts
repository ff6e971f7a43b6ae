import {
  type BigIntStats,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { chmod, link, lstat, mkdir, readFile, realpath, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises'

export interface WriteMode {
  readonly flag: string
  readonly mode: number
}

/** What is done to one file or folder, whatever its size. */
export interface FileSteps {
  chmod(path: string, mode: number): Promise<void>
  link(from: string, to: string): Promise<void>
  lstat(path: string): Promise<BigIntStats>
  /** With the folders around it. */
  makeFolder(path: string): Promise<unknown>
  read(path: string): Promise<Buffer>
  realpath(path: string): Promise<string>
  rename(from: string, to: string): Promise<void>
  rmdir(path: string): Promise<void>
  stat(path: string): Promise<BigIntStats>
  unlink(path: string): Promise<void>
  write(path: string, body: Uint8Array | string, options: WriteMode): Promise<void>
}

/** For files that may lie anywhere: a file system that hangs holds up nobody else. */
export const patiently: FileSteps = {
  chmod,
  link,
  lstat: (path) => lstat(path, { bigint: true }),
  makeFolder: (path) => mkdir(path, { recursive: true }),
  read: (path) => readFile(path),
  realpath: (path) => realpath(path),
  rename,
  rmdir: (path) => rmdir(path),
  stat: (path) => stat(path, { bigint: true }),
  unlink,
  write: writeFile,
}

/** What is longer does not hold up the program. */
const maxBytesAtOnce = 256 * 1024

/**
 * For files in folders of our own, which are near: a thread that does a step costs several times what the step does (a
 * look 30 µs instead of 2, a link 50 instead of 10), and a short job is little else.
 */
export const atOnce: FileSteps = {
  chmod: async (path, mode) => chmodSync(path, mode),
  link: async (from, to) => linkSync(from, to),
  lstat: async (path) => lstatSync(path, { bigint: true }),
  makeFolder: async (path) => mkdirSync(path, { recursive: true }),
  read: async (path) => (statSync(path).size <= maxBytesAtOnce ? readFileSync(path) : readFile(path)),
  realpath: async (path) => realpathSync.native(path),
  rename: async (from, to) => renameSync(from, to),
  // The one step that a busy disk makes wait for long.
  rmdir: (path) => rmdir(path),
  stat: async (path) => statSync(path, { bigint: true }),
  unlink: async (path) => unlinkSync(path),
  write: async (path, body, options) =>
    body.length <= maxBytesAtOnce ? writeFileSync(path, body, options) : writeFile(path, body, options),
}
