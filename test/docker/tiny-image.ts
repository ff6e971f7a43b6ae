import { execFile } from 'node:child_process'
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import Docker from 'dockerode'

const run = promisify(execFile)

export const docker = new Docker()

const busybox = '/bin/busybox'

/** Why containers cannot be tested here, or `undefined`. On a continuous-integration machine that is an error. */
export async function reasonToSkip(): Promise<string | undefined> {
  const reason = await findReason()
  if (reason !== undefined && process.env.CI === 'true') throw new Error(reason)
  if (reason !== undefined) console.log(`container tests are skipped: ${reason}`)
  return reason
}

async function findReason(): Promise<string | undefined> {
  try {
    await docker.ping()
  } catch {
    return 'no Docker engine answers'
  }
  try {
    await access(busybox)
  } catch {
    return `${busybox} (Debian: busybox-static) is not there to make an image of`
  }
  return undefined
}

/** An image with nothing in it but the programs named, all of them busybox. `changes` are lines of a Dockerfile. */
export async function makeImage(name: string, programs: readonly string[], changes?: readonly string[]): Promise<void> {
  await importArchive(name, await archiveOf(programs), changes)
}

/** The files of such an image, as tar. */
export async function archiveOf(programs: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  try {
    const root = join(folder, 'root')
    await mkdir(join(root, 'bin'), { recursive: true })
    await mkdir(join(root, 'tmp'))
    await chmod(join(root, 'tmp'), 0o1777)
    await cp(busybox, join(root, 'bin/busybox'))
    for (const program of programs) await symlink('busybox', join(root, 'bin', program))
    return await archiveRoot(root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An image with one program of this machine, by the name `node`, and the libraries that it is linked to. */
export async function makeNodeImage(name: string, program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  const root = join(folder, 'root')
  try {
    await mkdir(join(root, 'tmp'), { recursive: true, mode: 0o777 })
    await copyNode(program, root)
    await importRoot(name, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A program, by the name `node`, and the libraries that it is linked to, below the root of an image. */
export async function copyNode(program: string, root: string): Promise<void> {
  await mkdir(join(root, 'bin'), { recursive: true })
  await cp(program, join(root, 'bin/node'), { dereference: true })
  const { stdout } = await run('ldd', [program])
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await cp(library, join(root, library), { dereference: true })
  }
}

/** An image of the files below a folder. */
export const importRoot = async (name: string, root: string): Promise<void> =>
  importArchive(name, await archiveRoot(root), [])

async function archiveRoot(root: string): Promise<Buffer> {
  const archive = `${root}.tar`
  try {
    await run('tar', ['-C', root, '-cf', archive, '.'])
    return await readFile(archive)
  } finally {
    await rm(archive, { force: true })
  }
}

async function importArchive(name: string, archive: Buffer, changes: readonly string[] = []): Promise<void> {
  const stream = await docker.importImage(Readable.from([archive]), {
    repo: name,
    tag: 'latest',
    ...(changes.length > 0 && { changes: changes.join('\n') }),
  })
  await new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => (error === null ? resolve(undefined) : reject(error)))
  })
}

export async function removeImage(name: string): Promise<void> {
  await docker
    .getImage(name)
    .remove({ force: true })
    .catch(() => undefined)
}
