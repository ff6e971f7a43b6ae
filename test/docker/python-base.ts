import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { importRoot } from './tiny-image.ts'

const run = promisify(execFile)

const pythonSchema = z.object({ program: z.string(), library: z.string(), pip: z.string() })
type Python = z.infer<typeof pythonSchema>

const question = `import json, os, pip, sys, sysconfig
print(json.dumps({'program': os.path.realpath(sys.executable), 'library': sysconfig.get_path('stdlib'), 'pip': pip.__path__[0]}))`

/** This machine's Python; or why no image can be made of it, which is an error where CI is. */
export async function findPython(): Promise<Python | undefined> {
  try {
    const { stdout } = await run('python3', ['-c', question])
    return pythonSchema.parse(JSON.parse(stdout))
  } catch (error) {
    const reason = 'python3 with pip (Debian: python3-pip) is not installed'
    if (process.env.CI === 'true') throw new Error(reason, { cause: error })
    console.log(`tests of Python images are skipped: ${reason}`)
    return undefined
  }
}

/** What a program does without: most of a standard library's size. */
const leftOut =
  /\/(?:test|tests|idlelib|lib2to3|ensurepip|turtledemo|site-packages|dist-packages|tkinter|config-[^/]*|EXTERNALLY-MANAGED)$/

/**
 * An image with this machine's Python and pip, which has wheels of its own to install: there is no registry of images
 * and no index of packages.
 */
export function makePythonBase(name: string, python: Python): Promise<void> {
  return makePythonImage(name, python, async (root) => {
    await cp(python.pip, join(root, dirname(python.pip), 'pip'), copyExactly)
    await mkdir(join(root, 'bin'), { recursive: true })
    await cp('/bin/busybox', join(root, 'bin/sh'))
    await makeWheel(join(root, 'wheels'))
    await writeFile(join(root, 'etc/pip.conf'), '[global]\nno-index = true\nfind-links = /wheels\n')
  })
}

/** An image with this machine's Bash, Node and Python, as the agent's own has. */
export function makeMachineImage(name: string, python: Python): Promise<void> {
  return makePythonImage(name, python, async (root) => {
    await mkdir(join(root, 'bin'), { recursive: true })
    await copyProgram('/bin/bash', root, 'bin/bash')
    await copyProgram(process.execPath, root, 'bin/node')
    for (const program of ['cat', 'grep', 'ls', 'sh', 'sleep', 'test'])
      await cp('/bin/busybox', join(root, 'bin', program))
  })
}

async function copyProgram(program: string, root: string, path: string): Promise<void> {
  await cp(program, join(root, path), { dereference: true })
  for (const library of await librariesOf([program]))
    await cp(library, join(root, library), { recursive: true, dereference: true })
}

/** What has been compiled before holds only for files of the same time. */
const copyExactly = { recursive: true, preserveTimestamps: true }

/** An image with this machine's Python, its standard library, and nothing else but what `add` puts there. */
export async function makePythonImage(
  name: string,
  { program, library }: Python,
  add: (root: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-python-'))
  const root = join(folder, 'root')
  try {
    const extensions = (await readdir(join(library, 'lib-dynload'))).map((file) => join(library, 'lib-dynload', file))
    for (const file of [program, ...(await librariesOf([program, ...extensions]))])
      await cp(file, join(root, file), { recursive: true, dereference: true })
    await cp(library, join(root, library), { ...copyExactly, filter: (path) => !leftOut.test(path) })
    await mkdir(join(root, 'usr/bin'), { recursive: true })
    await symlink(program, join(root, 'usr/bin/python3'))
    await mkdir(join(root, 'tmp'), { mode: 0o777 })
    await add(root)
    await importRoot(name, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The shared libraries that programs are linked with, the loader included. */
async function librariesOf(programs: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  const { stdout } = await run('ldd', [...programs])
  for (const [, path = ''] of stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)) found.add(path)
  return found
}

/** A package of one line, `greeting`, version 1.0: https://packaging.python.org/en/latest/specifications/binary-distribution-format (2026-11) */
async function makeWheel(folder: string): Promise<void> {
  const metadata = join(folder, 'greeting-1.0.dist-info')
  await mkdir(metadata, { recursive: true })
  await mkdir(join(folder, '../etc'), { recursive: true })
  await writeFile(join(folder, 'greeting.py'), "text = 'hello from a package'\n")
  await writeFile(join(metadata, 'METADATA'), 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n')
  await writeFile(
    join(metadata, 'WHEEL'),
    'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  )
  await writeFile(join(metadata, 'RECORD'), '')
  const contents = ['greeting.py', basename(metadata)]
  await run('python3', ['-m', 'zipfile', '-c', 'greeting-1.0-py3-none-any.whl', ...contents], { cwd: folder })
  await Promise.all(contents.map((path) => rm(join(folder, path), { recursive: true })))
}
