import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLog } from 'graupel/engine'
import { ProcessSandbox, systemClock } from 'graupel/execution'
import { checkpointSchema, objectPaths } from 'graupel/model'
import { FileObjectStore, fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { AttemptBed, assignmentOf, output, root } from '../attempt-bed.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  await bed.close()
})

const rarely = { checkpoint: { everyMs: 3_600_000 } }
const often = { checkpoint: { everyMs: 10 } }
const pointer = objectPaths.checkpoint(root, 1)
const stored = async () => checkpointSchema.parse(JSON.parse(await bed.text(pointer)))
const prints = (attempt: number) => bed.log(1, attempt)

it('a job without checkpoint has no such folder', async () => {
  await bed.run({ script: 'echo "<$GRAUPEL_CHECKPOINT_DIR>"; exit 1' })
  expect(await prints(1)).toBe('<>\n')
  expect(await bed.objects.stat(pointer)).toBeUndefined()
})

it('the next attempt finds what a failed one has left, with empty folders and rights, and may change it', async () => {
  const leaves = [
    'cd "$GRAUPEL_CHECKPOINT_DIR"; ls -A',
    'mkdir -p "a b/c" empty; echo 1 > "a b/c/n"; echo "echo ran" > run; chmod +x run; exit 3',
  ]
  const first = await bed.run({ script: leaves.join('\n'), template: rarely })
  expect(first).toMatchObject({ cause: 'failed', exitCode: 3 })
  const finds = 'cd "$GRAUPEL_CHECKPOINT_DIR"; ls; ./run; echo 2 >> "a b/c/n"; cat "a b/c/n"'
  expect((await bed.run({ attempt: 2, script: finds, template: rarely })).cause).toBe('success')
  expect(await prints(2)).toBe('a b\nempty\nrun\nran\n1\n2\n')
})

it('is stored every so often while the commands run, each in place of the one before', async () => {
  const script = `cd "$GRAUPEL_CHECKPOINT_DIR"; n=0; while :; do n=$((n+1)); echo $n > next; mv next n; done`
  const running = bed.run({ script, template: often })
  const isStoredAgain = async () => {
    const { number, content } = await stored()
    return number > 3 && content.files.some(({ path }) => path === 'n')
  }
  await vi.waitFor(async () => expect(await isStoredAgain()).toBe(true), { timeout: 20_000 })
  bed.abort('lost')
  expect((await running).cause).toBe('infrastructure')
  // The files of the one that was under way when the lease was lost may be there besides.
  await vi.waitFor(async () => {
    const kept = (await bed.uris(`${objectPaths.attempt(root, 1, 1)}/checkpoints/`)).map((uri) => uri.split('/').at(-2))
    expect(kept).toContain(String((await stored()).number))
    expect(new Set(kept).size).toBeLessThanOrEqual(2)
  })
})

it('is stored at a notice, after the commands have put themselves away', async () => {
  const script = `trap 'echo put away > "$GRAUPEL_CHECKPOINT_DIR/state"; exit 1' TERM; echo ready; sleep 100 & wait`
  const running = bed.run({ script, template: rarely }, { flushMs: 10 })
  await vi.waitFor(async () => expect(await prints(1)).toBe('ready\n'), { timeout: 20_000 })
  bed.abort('preempted')
  expect((await running).cause).toBe('preempted')
  const [file] = (await stored()).content.files
  expect(await bed.text(file?.uri ?? '')).toBe('put away\n')
})

it('is stored when the commands succeed and their files do not, and not when all has succeeded', async () => {
  const detail = { outputs: [output('out')] }
  const script = 'echo x > "$GRAUPEL_CHECKPOINT_DIR/done"'
  expect((await bed.run({ script, template: rarely, detail })).cause).toBe('missingOutput')
  expect((await stored()).attempt).toBe(1)
  const finishes = 'cat "$GRAUPEL_CHECKPOINT_DIR/done" > job/out'
  expect((await bed.run({ attempt: 2, script: finishes, template: rarely, detail })).cause).toBe('success')
  expect((await stored()).attempt).toBe(1)
})

it('that cannot be stored is told in the log of its job and of its worker, and changes nothing else', async () => {
  const write = bed.objects.write.bind(bed.objects)
  bed.objects.write = async (uri, body, options) => {
    if (uri === pointer) throw Object.assign(new Error('no permission'), { code: 403 })
    return write(uri, body, options)
  }
  const warned: object[] = []
  const log = { warn: (fields: object, message: string) => void warned.push({ ...fields, message }) }
  const script = 'echo x > "$GRAUPEL_CHECKPOINT_DIR/x"; exit 3'
  const end = await bed.run({ script, template: rarely }, { log, clock: { ...systemClock, now: () => 0 } })
  expect(end).toMatchObject({ cause: 'failed', exitCode: 3 })
  const { chunks } = await findLog(bed.objects, { root, job: 1, attempt: 1 }, 'output')
  const notes = Buffer.concat(await Array.fromAsync(chunks())).toString()
  expect(notes).toMatch(/Z The checkpoint could not be stored, and the one before stays: no permission\n$/)
  expect(warned).toEqual([
    { batch: 'testbatch', job: 1, attempt: 1, error: 'no permission', message: expect.any(String) },
  ])
})

it('does not complain of what a notice or a lost lease has broken off', async () => {
  const warned: object[] = []
  const log = { warn: (fields: object) => void warned.push(fields) }
  const write = bed.objects.write.bind(bed.objects)
  let isStoring = false
  bed.objects.write = async (uri, body, options) => {
    isStoring ||= uri === pointer
    if (uri === pointer) await new Promise(() => undefined)
    return write(uri, body, options)
  }
  const running = bed.run({ script: 'echo x > "$GRAUPEL_CHECKPOINT_DIR/x"; sleep 100', template: often }, { log })
  await vi.waitFor(() => expect(isStoring).toBe(true), { timeout: 20_000 })
  bed.abort('lost')
  expect((await running).cause).toBe('infrastructure')
  expect(warned).toEqual([])
})

it('a cancelled job leaves none', async () => {
  const running = bed.run(
    { script: 'echo x > "$GRAUPEL_CHECKPOINT_DIR/x"; echo ready; sleep 100', template: rarely },
    { flushMs: 10 },
  )
  await vi.waitFor(async () => expect(await prints(1)).toBe('ready\n'), { timeout: 20_000 })
  bed.abort('stopped')
  expect((await running).cause).toBe('stopped')
  expect(await bed.objects.stat(pointer)).toBeUndefined()
})

it('an attempt that is over never hides what a later one has stored', async () => {
  const leave = (attempt: number) =>
    bed.run({ attempt, script: `echo ${attempt} > "$GRAUPEL_CHECKPOINT_DIR/n"; exit 1`, template: rarely })
  await leave(2)
  await leave(1)
  expect(await stored()).toMatchObject({ attempt: 2, number: 1 })
  expect(await bed.uris(`${objectPaths.attempt(root, 1, 1)}/checkpoints/`)).toEqual([])
  await leave(3)
  expect((await stored()).attempt).toBe(3)
  expect(await bed.uris(`${objectPaths.attempt(root, 1, 2)}/checkpoints/`)).toEqual([])
})

it('of many writers at once the newest stays, and a lost answer is no defeat', async () => {
  const write = bed.objects.write.bind(bed.objects)
  let losses = 2
  bed.objects.write = async (uri, body, options) => {
    const info = await write(uri, body, options)
    if (uri === pointer && losses-- > 0) throw new Error('the answer was lost')
    return info
  }
  const leave = (attempt: number) =>
    bed.run({ attempt, script: `echo ${attempt} > "$GRAUPEL_CHECKPOINT_DIR/n"; exit 1`, template: rarely })
  await Promise.all([1, 2, 3, 4].map(leave))
  expect(await stored()).toMatchObject({ attempt: 4 })
  const [file] = (await stored()).content.files
  expect(await bed.text(file?.uri ?? '')).toBe('4\n')
})

it('where files are linked instead of copied, the commands change their own copy only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-checkpoint-'))
  const objects = new FileObjectStore({ ownFolders: [folder] })
  const agent = `agent-${crypto.randomUUID()}`
  const hostEnvironment = { PATH: '/usr/bin:/bin' }
  const sandbox = new ProcessSandbox({
    scratch: join(folder, 'work'),
    objects,
    clock: systemClock,
    agent,
    hostEnvironment,
  })
  onTestFinished(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })
  const run = (attempt: number, script: string) => {
    const assignment = { ...assignmentOf({ attempt, script, template: rarely }), root: fileUriOf(folder) }
    return bed.runAssignment(assignment, { objects, sandbox })
  }
  await run(1, 'echo 1 > "$GRAUPEL_CHECKPOINT_DIR/n"; exit 1')
  await run(2, 'echo 2 >> "$GRAUPEL_CHECKPOINT_DIR/n"; kill -9 $$')
  const check = 'test "$(tr -d "\\n" < "$GRAUPEL_CHECKPOINT_DIR/n")" = 12'
  expect((await run(3, check)).cause).toBe('success')
})
