import { execFile } from 'node:child_process'
import { access, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

/** An image with nothing in it but the programs named, all of them busybox. */
export async function makeImage(name: string, programs: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  try {
    await mkdir(join(folder, 'root/bin'), { recursive: true })
    await mkdir(join(folder, 'root/tmp'), { mode: 0o777 })
    await cp(busybox, join(folder, 'root/bin/busybox'))
    for (const program of programs) await symlink('busybox', join(folder, 'root/bin', program))
    await importRoot(name, join(folder, 'root'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An image with one program of this machine, by the name `node`, and the libraries that it is linked to. */
export async function makeNodeImage(name: string, program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  const root = join(folder, 'root')
  try {
    await mkdir(join(root, 'bin'), { recursive: true })
    await mkdir(join(root, 'tmp'), { mode: 0o777 })
    await cp(program, join(root, 'bin/node'), { dereference: true })
    const { stdout } = await run('ldd', [program])
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      await mkdir(join(root, dirname(library)), { recursive: true })
      await cp(library, join(root, library), { dereference: true })
    }
    await importRoot(name, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An image of the files below a folder. */
export async function importRoot(name: string, root: string): Promise<void> {
  const archive = `${root}.tar`
  try {
    await run('tar', ['-C', root, '-cf', archive, '.'])
    const stream = await docker.importImage(archive, { repo: name, tag: 'latest' })
    await new Promise((resolve, reject) => {
      docker.modem.followProgress(stream, (error: Error | null) =>
        error === null ? resolve(undefined) : reject(error),
      )
    })
  } finally {
    await rm(archive, { force: true })
  }
}

export async function removeImage(name: string): Promise<void> {
  await docker
    .getImage(name)
    .remove({ force: true })
    .catch(() => undefined)
}
