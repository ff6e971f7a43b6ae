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
export function makeImage(name: string, programs: readonly string[]): Promise<void> {
  return importImage(name, async (root) => {
    await mkdir(join(root, 'bin'))
    await cp(busybox, join(root, 'bin/busybox'))
    for (const program of programs) await symlink('busybox', join(root, 'bin', program))
  })
}

/** An image with one program of this machine, by the name `node`, and the libraries that it is linked to. */
export function makeNodeImage(name: string, program: string): Promise<void> {
  return importImage(name, async (root) => {
    await mkdir(join(root, 'bin'))
    await cp(program, join(root, 'bin/node'), { dereference: true })
    const { stdout } = await run('ldd', [program])
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      await mkdir(join(root, dirname(library)), { recursive: true })
      await cp(library, join(root, library), { dereference: true })
    }
  })
}

async function importImage(name: string, fill: (root: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  try {
    const root = join(folder, 'root')
    await mkdir(root)
    await mkdir(join(root, 'tmp'), { mode: 0o777 })
    await fill(root)
    const archive = join(folder, 'image.tar')
    await run('tar', ['-C', root, '-cf', archive, '.'])
    const stream = await docker.importImage(archive, { repo: name, tag: 'latest' })
    await new Promise((resolve, reject) => {
      docker.modem.followProgress(stream, (error: Error | null) =>
        error === null ? resolve(undefined) : reject(error),
      )
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function removeImage(name: string): Promise<void> {
  await docker
    .getImage(name)
    .remove({ force: true })
    .catch(() => undefined)
}
