import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killProcessesOf } from 'graupel/execution'
import { fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallBed, Stand } from './call-bed.ts'

let bed: CallBed

beforeEach(async () => {
  bed = await CallBed.make()
})

afterEach(async () => {
  expect(await bed.leftovers(), 'folders that are left').toEqual([])
  await bed.close()
  expect(await killProcessesOf(bed.agent), 'processes that are left').toBe(0)
})

describe('a job of functions', () => {
  it('calls the function with its arguments, and awaits it', async () => {
    expect(await bed.ask('add', [2, 3])).toBe(5)
    expect(await bed.ask('later', [{ a: [1] }], { job: 2 })).toEqual({ a: [1] })
  })

  it('gets large arguments from a file that calls share', async () => {
    const value = Array.from({ length: 20_000 }, (_, index) => index)
    expect(await bed.ask('give', [value])).toEqual(value)
  })

  it('runs where a process would, with the job’s variables and no others', async () => {
    const found = await bed.ask('where', [], { job: 7, template: { env: { COLOR: 'blue' } } })
    expect(found).toMatchObject({ job: '7', color: 'blue', words: 2 })
    const { cwd, tmp, names } = Object(found)
    expect(cwd).toBe(tmp)
    expect(names).toEqual([
      'BATCH_TMPDIR',
      'COLOR',
      'GRAUPEL_ATTEMPT_ID',
      'GRAUPEL_BATCH_ID',
      'GRAUPEL_JOB_ID',
      'GRAUPEL_PROCESS_MARK',
      'PATH',
    ])
  })

  it('gets files as absolute paths, and groups as objects of paths', async () => {
    const inputs = await Promise.all(
      ['a.bed', 'a.bim'].map(async (name) => {
        await writeFile(join(bed.scratch, name), `content of ${name};`)
        return { kind: 'object' as const, uri: fileUriOf(join(bed.scratch, name)), path: `inputs/1/${name}` }
      }),
    )
    const file = new Stand('file', { file: 'inputs/1/a.bed' })
    const group = new Stand('group', { bed: 'inputs/1/a.bed', bim: 'inputs/1/a.bim' })
    expect(await bed.ask('readFile', [file], { detail: { inputs } })).toBe('content of a.bed;')
    expect(await bed.ask('pick', [group], { job: 2, detail: { inputs } })).toBe('content of a.bed;content of a.bim;')
  })

  it('hands the value of a call to a later one, whatever it is', async () => {
    const value = { when: new Date(0), big: 2n ** 70n, list: new Map([[1, new Set([undefined])]]) }
    const first = { fn: 'give' as const, args: [value], results: { value: 'job/first/value' } }
    const second = { fn: 'give' as const, args: [{ deep: [new Stand('result', { value: 'job/first/value' })] }] }
    const end = await bed.call({ calls: [first, { ...second, results: { repr: 'job/repr' } }] })
    expect(end).toMatchObject({ cause: 'success', exitCode: 0 })
    expect((await bed.text('gs://b/1/repr')).replaceAll(/\s+/g, ' ')).toContain(
      'when: 1970-01-01T00:00:00.000Z, big: 1180591620717411303424n, list: Map(1) { 1 => Set(1) { undefined } }',
    )
  })

  it('writes a result in each form that is asked for', async () => {
    const results = { value: 'job/v', json: 'job/deep/j', text: 'job/t', repr: 'job/r' }
    await bed.call({ calls: [{ fn: 'give', args: [[1, 'two', { three: [[[[3]]]] }]], results }] })
    expect(await bed.text('gs://b/1/deep/j')).toBe('[1,"two",{"three":[[[[3]]]]}]\n')
    expect(await bed.text('gs://b/1/t')).toBe('1,two,[object Object]\n')
    const repr = await bed.text('gs://b/1/r')
    expect(repr.replaceAll(/\s+/g, ' ')).toBe("[ 1, 'two', { three: [ [ [ [ 3 ] ] ] ] } ] ")
    expect(await bed.text('gs://b/1/v')).not.toBe('')
  })

  it('prints into its log, in order, by whichever way', async () => {
    await bed.call({ calls: [{ fn: 'printEverywhere' }] })
    expect(await bed.log()).toBe('stdout\nstderr\ndescriptor\ninherited\nby name\n')
  })

  it('loses no byte of what it prints when children interrupt it', async () => {
    const text = 'x'.repeat(3_000_000)
    await bed.call({ calls: [{ fn: 'printAmongChildren', args: [text] }] })
    expect((await bed.log()).length).toBe(text.length)
  })

  it('gives its children no file descriptor of the runner', async () => {
    expect(await bed.ask('listDescriptors')).toEqual([0, 1, 2, 3])
  })
})
