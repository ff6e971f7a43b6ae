import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Bench, quiet, runAnyway } from './home.ts'

/** Names that programs stumble over. Each file holds its own name. */
export const exoticNames: readonly string[] = [
  'a b',
  ' both ends ',
  "it's",
  '"q"',
  '$HOME',
  '`id`',
  '-rf',
  '--',
  '~',
  '...',
  '*',
  '[x]?',
  'new\nline',
  'tab\there',
  '\u0001',
  '100%',
  '%0a',
  'a#b',
  '\\',
  'a:b',
  'ünïcödé🧊',
  // The same letter, in one character and in two: two names, of two files.
  'caf\u00e9',
  'cafe\u0301',
  'n'.repeat(255),
  'é'.repeat(127),
]

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

export function testFileNames(bench: Bench): void {
  test('files of a folder keep their names from job to job and to the destination, whatever these are', async () => {
    const batch = bench.newBatch()
    const make = batch.newJob({ name: 'make', outputs: ['all'] })
    make.command`mkdir -p ${make.out.all}/below; cd ${make.out.all}/below`
    for (const name of exoticNames) make.command(`printf %s ${quoted(name)} > ./${quoted(name)}`)
    const check = batch.newJob({ name: 'check', outputs: ['count'] })
    check.command`cd ${make.out.all}/below`
    check.command(
      `for f in ./* ./.[!.]* ./...*; do test -e "$f" || continue; [ "$(cat "$f"; echo .)" = "\${f#./}." ]; done`,
    )
    check.command`find . -type f -exec echo x ';' | wc -l > ${check.out.count}`
    batch.writeOutput(make.out.all, bench.path('names'))
    batch.writeOutput(check.out.count, bench.path('count of names'))
    await batch.run(quiet)
    expect(Number(await bench.read('count of names'))).toBe(exoticNames.length)
    expect((await readdir(bench.path('names/below'))).sort()).toEqual([...exoticNames].sort())
    for (const name of exoticNames) expect(await readFile(join(bench.path('names/below'), name), 'utf8')).toBe(name)
  })

  test('links are followed, and folders without files stay', async () => {
    const batch = bench.newBatch()
    const make = batch.newJob({ name: 'make', outputs: ['all'] })
    make.command`mkdir -p ${make.out.all}/empty/inner ${make.out.all}/full; cd ${make.out.all}`
    make.command`echo x > full/x; ln -s x full/link; ln -s full folder`
    const check = batch.newJob({ name: 'check' })
    check.command`cd ${make.out.all}; test -d empty/inner; cat full/x full/link folder/x folder/link`
    batch.writeOutput(make.out.all, bench.path('links'))
    const run = await batch.run(quiet)
    expect(await run.job(check).log()).toBe('x\nx\nx\nx\n')
    for (const name of ['full/x', 'full/link', 'folder/x']) expect(await bench.read(`links/${name}`)).toBe('x\n')
    expect((await stat(bench.path('links/empty/inner'))).isDirectory()).toBe(true)
  })

  test('a name that is no text is refused, by name', async () => {
    const batch = bench.newBatch()
    const job = batch.newJob({ name: 'bytes', outputs: ['all'] })
    job.command`mkdir ${job.out.all}; touch ${job.out.all}/$(printf 'a\377b')`
    batch.writeOutput(job.out.all, bench.path('bytes'))
    const run = await runAnyway(batch)
    expect(await run.job(job).status()).toMatchObject({ state: 'Error', reason: expect.stringMatching(/not UTF-8/) })
  })

  test.each(['.', '..', '../up', '/etc/passwd', 'a/b', '', 'n'.repeat(201), 'a\0b', 'a\nb'])(
    'an output cannot be called %j',
    (name) => {
      expect(() => bench.newBatch().newJob({ name: 'escape' }).output(name)).toThrow(/escape/)
    },
  )
}
