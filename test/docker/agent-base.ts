import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockSchema } from '../../client/build/locked-packages.ts'
import { repository } from '../package/pack-repository.ts'
import { copyNode, importRoot } from './tiny-image.ts'

/** Puts what is locked, and nothing else, where npm would: from what npm has installed for the tests. */
const npm = `#!/bin/node
const { cpSync, existsSync, readFileSync } = require('node:fs')
if (process.argv[2] !== 'ci') process.exit(0)
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
for (const [path, { optional }] of Object.entries(packages)) {
  if (path === '') continue
  if (existsSync('/installed/' + path)) cpSync('/installed/' + path, path, { recursive: true })
  else if (!optional) throw new Error(path + ' is locked and was not there to install')
}
`

/** There is no Debian to install from: what is asked of it is written down. */
const aptGet = '#!/bin/sh\necho "apt-get $*" >> /apt-get.calls\n'

const programs = ['sh', 'cat', 'chmod', 'cp', 'env', 'mkdir', 'mkfifo', 'mv', 'rm', 'sleep']

/**
 * What stands for the image of Node on Debian where no registry can be reached: this machine's Node, BusyBox for a shell,
 * and stand-ins for the two programs that would fetch something. `lock` says which packages they may need.
 */
export async function makeAgentBase(name: string, lock: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-agent-base-'))
  const root = join(folder, 'root')
  try {
    for (const path of ['bin', 'etc/apt/sources.list.d', 'usr/share/keyrings', 'var/lib/apt/lists'])
      await mkdir(join(root, path), { recursive: true })
    await mkdir(join(root, 'tmp'), { mode: 0o777 })
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    await copyNode(process.execPath, root)
    await cp('/bin/busybox', join(root, 'bin/busybox'))
    for (const program of programs) await symlink('busybox', join(root, 'bin', program))
    for (const [file, text] of Object.entries({ npm, 'apt-get': aptGet })) {
      await writeFile(join(root, 'bin', file), text)
      await chmod(join(root, 'bin', file), 0o755)
    }
    await copyInstalled(lock, join(root, 'installed'))
    await importRoot(name, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyInstalled(lock: string, to: string): Promise<void> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(lock, 'utf8')))
  const paths = Object.keys(packages).filter((path) => path !== '' && path.lastIndexOf('node_modules/') === 0)
  // What is for other systems is locked and not installed.
  for (const path of paths) await cp(join(repository, path), join(to, path), { recursive: true }).catch(ignoreMissing)
}

function ignoreMissing(error: unknown): void {
  if (Object(error).code !== 'ENOENT') throw error
}
