import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()
const library = fileURLToPath(new URL('../../../client/src/index.ts', import.meta.url))

/** A program of its own: how a process ends cannot be seen from within. */
async function startProgram(folder: string, body: string) {
  const program = join(folder, 'program.ts')
  await writeFile(program, `import { Batch, LocalBackend } from ${JSON.stringify(library)}\n${body}\n`)
  const child = spawn(process.execPath, [program], { env: { ...process.env, TMPDIR: folder, FOLDER: folder } })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  )
  return { child, ended, printed: () => printed }
}

async function untilThere(path: string): Promise<string> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20))
  return (await readFile(path, 'utf8')) || untilThere(path)
}

/** A dead process stays in the table until its parent has looked at it. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

const leftovers = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('graupel-'))

describe('a program with a LocalBackend', () => {
  test('lives until its batch has ended though it does not wait, then ends by itself and leaves nothing', async () => {
    const folder = await makeFolder()
    const program = await startProgram(
      folder,
      `const batch = new Batch()
      batch.newJob().command\`sleep 0.5; touch \${process.env.FOLDER + '/done'}\`
      await batch.run({ wait: false })
      console.log('submitted')`,
    )
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.printed()).toBe('submitted\n')
    expect(existsSync(join(folder, 'done'))).toBe(true)
    expect(leftovers(folder)).toEqual([])
  })

  test('takes its jobs with it when it is interrupted, and leaves nothing', async () => {
    const folder = await makeFolder()
    const program = await startProgram(
      folder,
      `const batch = new Batch({ backend: new LocalBackend({ cpus: 1 }) })
      batch.newJob().command\`echo $$ > \${process.env.FOLDER + '/pid'}; sleep 60\`
      await batch.run()`,
    )
    const pid = Number(await untilThere(join(folder, 'pid')))
    program.child.kill('SIGINT')
    expect(await program.ended).toEqual({ code: null, signal: 'SIGINT' })
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
    expect(leftovers(folder)).toEqual([])
  })

  test('ends with an error that nobody catches, its jobs gone', async () => {
    const folder = await makeFolder()
    const program = await startProgram(
      folder,
      `const batch = new Batch({ name: 'broken' })
      batch.newJob({ name: 'bad' }).command\`echo no luck; exit 3\`
      await batch.run()`,
    )
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.printed()).toMatch(/BatchFailedError: Batch 'broken'[\s\S]*bad[\s\S]*no luck/)
    expect(leftovers(folder)).toEqual([])
  })
})
