import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killProcessesOf } from 'graupel/execution'
import { manifestSchema, objectPaths } from 'graupel/model'
import { fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AttemptBed, assignmentOf, output, root } from '../attempt-bed.ts'

let bed: AttemptBed

beforeEach(async () => {
  bed = await AttemptBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
  await bed.close()
})

const jobInput = (job: number, path: string) => ({ kind: 'job', job, path }) as const
const objectInput = (uri: string, path: string) => ({ kind: 'object', uri, path }) as const

const manifestOf = async (job: number) =>
  manifestSchema.parse(JSON.parse(await bed.text(objectPaths.manifest(root, job))))

/** Job 1 makes `name`, job 2 reads it. */
const passOn = async (make: string, read: string, name = 'out', alwaysRun = false) => {
  const first = await bed.run({ script: make, detail: { outputs: [output(name)] } })
  const inputs = [jobInput(1, `job/${name}`)]
  const second = await bed.run({ job: 2, script: read, template: { alwaysRun }, detail: { inputs, directory: 'b' } })
  return [first, second] as const
}

describe('outputs', () => {
  it('pass from job to job, with their content and their right to be run', async () => {
    const make = 'printf "#!/bin/sh\\necho hi" > job/out; chmod +x job/out'
    expect((await passOn(make, './job/out')).map(({ cause }) => cause)).toEqual(['success', 'success'])
    expect(await bed.log(2)).toBe('hi\n')
  })

  it('pass whole folders on, with exotic names and empty folders', async () => {
    const names = [
      'a b',
      "it's",
      '-rf',
      'new\nline',
      'ü🧊',
      '100%',
      '%0a',
      '[x]*?',
      '"q"',
      '$HOME',
      '\\',
      'n'.repeat(255),
    ]
    const make = `mkdir -p job/out/deep/er job/out/empty/inner; cd job/out/deep; ${names
      .map((name) => `printf %s '${name.replaceAll("'", `'\\''`)}' > './${name.replaceAll("'", `'\\''`)}'`)
      .join('; ')}`
    const read = `test -d job/out/empty/inner; for f in job/out/deep/*; do test -d "$f" || [ "$(cat "$f"; echo .)" = "\${f##*/}." ]; done
      ls job/out/deep | wc -l`
    expect((await passOn(make, read)).map(({ cause }) => cause)).toEqual(['success', 'success'])
    const { files, emptyFolders } = (await manifestOf(1)).outputs['job/out'] ?? { files: [] }
    expect(files.map(({ path }) => path).sort()).toEqual(names.map((name) => `deep/${name}`).sort())
    expect(emptyFolders).toEqual(['deep/er', 'empty/inner'])
  })

  it('are what links lead to', async () => {
    await writeFile(join(bed.scratch, 'outside'), 'outside')
    const make = `ln -s ${join(bed.scratch, 'outside')} job/out`
    expect((await passOn(make, 'cat job/out')).map(({ cause }) => cause)).toEqual(['success', 'success'])
    expect(await bed.log(2)).toBe('outside')
  })

  it('that are needed and missing are named', async () => {
    const end = await bed.run({ script: 'touch job/a', detail: { outputs: [output('a'), output('b'), output('c')] } })
    expect(end).toMatchObject({ cause: 'missingOutput', message: expect.stringContaining("'b', 'c'") })
    expect(await bed.objects.stat(objectPaths.manifest(root, 1))).toBeUndefined()
  })

  it.each([
    ['mkfifo job/out', 'neither a file nor a folder'],
    ['mkdir job/out; ln -s nothing job/out/x', 'symbolic link to nothing'],
    ["mkdir job/out; touch job/out/$'\\xff'", 'not UTF-8'],
    ['ln -s out job/out', 'without an end'],
    ['mkdir job/out; ln -s . job/out/self', ''],
  ])('that cannot be stored are refused: %s', async (script, message) => {
    const end = await bed.run({ script, detail: { outputs: [output('out')] } })
    expect(end).toMatchObject({ cause: 'missingOutput', message: expect.stringContaining(message) })
  })

  it.each(['../../etc/passwd', 'job/../../../etc/passwd'])('never lie outside the job’s folder: %s', async (path) => {
    const end = await bed.run({ script: 'true', detail: { outputs: [{ ...output('out'), path }] } })
    expect(end).toMatchObject({ cause: 'staging', isLasting: true, message: expect.stringContaining(path) })
  })

  it('that nobody needs yet are stored where they were made', async () => {
    const optional = [output('made'), output('skipped')].map((one) => ({ ...one, isNeeded: false }))
    await bed.run({ script: 'touch job/made', detail: { outputs: optional } })
    expect(Object.keys((await manifestOf(1)).outputs)).toEqual(['job/made'])
  })
})

describe('inputs', () => {
  it('of this machine are there under their own names, files and folders', async () => {
    const folder = join(bed.scratch, 'data set')
    await mkdir(folder)
    await writeFile(join(folder, 'words.txt'), 'words')
    const inputs = [
      objectInput(fileUriOf(join(folder, 'words.txt')), 'inputs/1/words.txt'),
      objectInput(fileUriOf(`${folder}/`), 'inputs/2/data set'),
    ]
    await bed.run({ script: 'cat inputs/1/words.txt "inputs/2/data set/words.txt"', detail: { inputs } })
    expect(await bed.log()).toBe('wordswords')
  })

  it('of a bucket are there, files and folders', async () => {
    await bed.objects.write('gs://bucket/a/x.txt', 'x')
    await bed.objects.write('gs://bucket/a/b/y.txt', 'y')
    await bed.objects.write('gs://bucket/a/c/', '')
    const inputs = [objectInput('gs://bucket/a/x.txt', 'in/1/x.txt'), objectInput('gs://bucket/a', 'in/2/a')]
    await bed.run({ script: 'cat in/1/x.txt in/2/a/x.txt in/2/a/b/y.txt; test -d in/2/a/c', detail: { inputs } })
    expect(await bed.log()).toBe('xxy')
  })

  it('of a bucket keep their right to be run', async () => {
    const tool = join(bed.scratch, 'tool')
    await writeFile(tool, '#!/bin/sh\necho ran')
    await bed.objects.upload(tool, 'gs://bucket/tools/plain')
    await chmod(tool, 0o755)
    await bed.objects.upload(tool, 'gs://bucket/tools/tool')
    const inputs = [objectInput('gs://bucket/tools/tool', 'in/1/tool'), objectInput('gs://bucket/tools', 'in/2/tools')]
    const script = 'in/1/tool; in/2/tools/tool; test ! -x in/2/tools/plain && echo not'
    await bed.run({ script, detail: { inputs } })
    expect(await bed.log()).toBe('ran\nran\nnot\n')
  })

  it('of a bucket are what is newest when they are replaced meanwhile', async () => {
    await bed.objects.write('gs://bucket/x', 'old')
    const stat = bed.objects.stat.bind(bed.objects)
    let replacements = 2
    bed.objects.stat = async (uri) => {
      const info = await stat(uri)
      if (uri === 'gs://bucket/x' && replacements-- > 0) await bed.objects.write(uri, `new ${replacements}`)
      return info
    }
    await bed.run({ script: 'cat in/x', detail: { inputs: [objectInput('gs://bucket/x', 'in/x')] } })
    expect(await bed.log()).toBe('new 0')
  })

  it.each(['file:///no/such/file', 'gs://bucket/nothing'])('that are missing are named: %s', async (uri) => {
    const end = await bed.run({ script: 'true', detail: { inputs: [objectInput(uri, 'in/x')] } })
    expect(end).toMatchObject({ cause: 'missingInput', message: expect.stringContaining(uri.replace('file://', '')) })
    expect(end.startedAt).toBeUndefined()
  })

  it('of a job without manifest are missing', async () => {
    const end = await bed.run({ job: 2, script: 'true', detail: { inputs: [jobInput(1, 'job/out')] } })
    expect(end).toMatchObject({ cause: 'missingInput', message: expect.stringContaining("'job/out', made by job 1") })
  })

  it('that were changed after a job had made them are named as such', async () => {
    await bed.run({ script: 'echo x > job/out', detail: { outputs: [output('out')] } })
    const uri = (await manifestOf(1)).outputs['job/out']?.files[0]?.uri ?? ''
    await bed.objects.write(uri, 'other')
    const reads = { job: 2, script: 'true', detail: { inputs: [jobInput(1, 'job/out')] } }
    expect(await bed.run(reads)).toMatchObject({
      cause: 'missingInput',
      message: expect.stringContaining('was changed'),
    })
    await bed.objects.delete(uri)
    expect(await bed.run({ ...reads, attempt: 2 })).toMatchObject({ message: expect.stringContaining('is not there') })
  })

  it('of a failed parent are what its newest attempt left, for a job that always runs', async () => {
    const outputs = [output('out'), output('never')]
    await bed.run({ script: 'echo old > job/out; exit 1', detail: { outputs } })
    await bed.run({ attempt: 2, script: 'echo new > job/out; exit 1', detail: { outputs } })
    const inputs = [jobInput(1, 'job/out'), jobInput(1, 'job/never')]
    const script = 'cat job/out; test ! -e job/never'
    const end = await bed.run({ job: 2, script, template: { alwaysRun: true }, detail: { inputs, directory: 'b' } })
    expect(end.cause).toBe('success')
    expect(await bed.log(2)).toBe('new\n')
  })

  it('of a group are linked by the names of its members', async () => {
    await bed.objects.write('gs://bucket/x.bed', 'bed')
    const inputs = [objectInput('gs://bucket/x.bed', 'inputs/1/x.bed')]
    const links = [{ path: 'inputs/root.bed', target: 'inputs/1/x.bed' }]
    await bed.run({ script: 'cat inputs/root.bed', detail: { inputs, links } })
    expect(await bed.log()).toBe('bed')
  })

  it('never lie outside the job’s folder', async () => {
    const inputs = [objectInput('gs://bucket/x', '../../escaped')]
    await bed.objects.write('gs://bucket/x', 'x')
    expect((await bed.run({ script: 'true', detail: { inputs } })).cause).toBe('staging')
  })

  it('take the place of the script’s references, whatever the quotes', async () => {
    const path = "inputs/it's $x/a b.txt"
    await bed.objects.write('gs://bucket/x', 'content')
    const pieces = ['bare', 'double', 'single'] as const
    const script = pieces.flatMap((quote) => {
      const around = { bare: '', double: '"', single: "'" }[quote]
      return [`cat ${around}`, { path, quote }, `${around}\n`]
    })
    const task = { kind: 'bash', shell: '/bin/sh', script } as const
    const end = await bed.run({ detail: { inputs: [objectInput('gs://bucket/x', path)], task } })
    expect(end.cause).toBe('success')
    expect(await bed.log()).toBe('contentcontentcontent')
  })
})

describe('storage that fails', () => {
  it('in passing is tried again', async () => {
    await bed.objects.write('gs://bucket/x', 'x')
    const download = bed.objects.download.bind(bed.objects)
    let failures = 3
    bed.objects.download = async (...args) => {
      if (failures-- > 0) throw new Error('reset')
      return download(...args)
    }
    const end = await bed.run({ script: 'cat in/x', detail: { inputs: [objectInput('gs://bucket/x', 'in/x')] } })
    expect(end.cause).toBe('success')
  })

  it('for good ends the attempt, with what it was doing', async () => {
    bed.objects.upload = async () => {
      throw new Error('quota of nothing')
    }
    const end = await bed.run({ script: 'touch job/out', detail: { outputs: [output('out')] } })
    expect(end).toMatchObject({
      cause: 'staging',
      message: "Storing the output 'job/out' failed 5 times: quota of nothing",
    })
    expect(end.isLasting).toBeUndefined()
  })

  it.each([
    ['EISDIR', true],
    ['EEXIST', true],
    ['ENAMETOOLONG', true],
    [403, true],
    [404, true],
    ['ENOSPC', undefined],
    ['EROFS', undefined],
    [401, undefined],
  ])('says whether another attempt would end so too: %s', async (code, isLasting) => {
    bed.objects.upload = async () => {
      throw Object.assign(new Error('no'), { code })
    }
    const end = await bed.run({ script: 'touch job/out', detail: { outputs: [output('out')] } })
    expect({ cause: end.cause, isLasting: end.isLasting }).toEqual({ cause: 'staging', isLasting })
  })

  it.each([
    ["touch job/out/$'a\\nb'", 'has no line break'],
    [
      'touch job/out/{1..9}; cd job/out; mkdir -p $(printf "%0250d/" 1 2 3 4 5); touch $(printf "%0250d/" 1 2 3 4 5)f',
      '1,024 bytes',
    ],
  ])('refuses names that a destination cannot have, before anything is stored: %s', async (script, message) => {
    const outputs = [output('out', 'gs://bucket/there')]
    const end = await bed.run({ script: `mkdir job/out; ${script}`, detail: { outputs } })
    expect(end).toMatchObject({ cause: 'staging', isLasting: true, message: expect.stringContaining(message) })
    expect(await bed.uris('gs://')).toEqual([])
    expect(await bed.objects.stat(objectPaths.manifest(root, 1))).toBeUndefined()
  })
})

describe('a detail too large for its chunk', () => {
  it.each([objectPaths.detail(root, '7'), '7'])('is read from its object: %s', async (object) => {
    const { detail } = assignmentOf({ script: 'echo large' })
    await bed.objects.write(objectPaths.detail(root, '7'), JSON.stringify(detail))
    const end = await bed.runAssignment({ ...assignmentOf({}), detail: { object } })
    expect(end.cause).toBe('success')
    expect(await bed.log()).toBe('large\n')
  })
})

describe('a barrier', () => {
  const barrier = { task: { kind: 'barrier' } } as const

  it('succeeds without doing anything', async () => {
    expect(await bed.run({ detail: barrier })).toMatchObject({ cause: 'success' })
    expect(await bed.uris(root)).toEqual([])
  })

  it('passes its inputs on to destinations', async () => {
    await bed.objects.write('gs://bucket/x', 'x')
    const inputs = [objectInput('gs://bucket/x', 'job/x')]
    await bed.run({ detail: { ...barrier, inputs, outputs: [output('x', 'gs://bucket/copy')] } })
    expect(await bed.text('gs://bucket/copy')).toBe('x')
  })
})

it('leaves the user’s own files as they are', async () => {
  const file = join(bed.scratch, 'mine')
  await writeFile(file, 'mine')
  await chmod(file, 0o640)
  const inputs = [objectInput(fileUriOf(file), 'in/mine')]
  await bed.run({ script: 'cp -a in/mine job/out', detail: { inputs, outputs: [output('out')] } })
  await bed.run({
    job: 2,
    script: 'echo more >> job/out',
    detail: { inputs: [jobInput(1, 'job/out')], directory: 'b' },
  })
  expect(await readFile(file, 'utf8')).toBe('mine')
})
