import { type BashJob, Batch, InvalidBatchError, raw } from 'graupel'
import { expect, test } from 'vitest'
import { newJob, onlyJob, scriptOf, specOf } from './script-of.ts'

test('the text of a template reaches the shell as it is written', () => {
  const job = newJob().command`printf 'a\tb\n' | sed 's/\./\\/' # \u0041 \x41 \{ \$HOME`
  expect(scriptOf(job)).toBe(`${String.raw`printf 'a\tb\n' | sed 's/\./\\/' # \u0041 \x41 \{ \$HOME`}\n`)
})

test('only a backtick and a dollar before a brace lose the backslash that a template needs', () => {
  expect(scriptOf(newJob().command`echo \`date\` \${HOME} \\`)).toBe('echo `date` \x24{HOME} \\\\\n')
})

test('commands follow each other in one script', () => {
  expect(scriptOf(newJob().command`cd /tmp # go`.command('ls'))).toBe('cd /tmp # go\nls\n')
})

test('numbers, booleans and texts are words; a digit is no file descriptor', () => {
  expect(scriptOf(newJob().command`echo ${3}> ${'x y'} ${true} ${10n} ${0.5}`)).toBe(
    `echo '3'> 'x y' 'true' '10' '0.5'\n`,
  )
})

test('an array is its items with spaces between, an empty one is nothing', () => {
  const job = newJob().command`echo ${['a b', 1]} "${['a', 'b']}" '${['c', "d'"]}' ${[]}.`
  expect(scriptOf(job)).toBe(`${String.raw`echo 'a b' '1' "a b" 'c d'\''' .`}\n`)
})

test('raw text is part of the script, quotes and files included', () => {
  const batch = new Batch()
  const file = batch.readInput('/a')
  const job = batch.newJob().command`cat ${raw(`${file} | sed 's/x/`)}${'y'}${raw("/'")}`
  expect(scriptOf(job)).toBe(`cat '/root/inputs/1/a' | sed 's/x/y/'\n`)
})

test('a file in a plain command is its path, whatever follows its text', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x' })
  const files = ['a', 'a1'].map((name) => job.output(name))
  job.command(`cat ${files[0]}2 "${files[0]}_${files[1]}" '${files.join(' ')}' > ${files[0]}${files[1]}`)
  expect(scriptOf(job)).toBe(
    `cat '/root/x-1/a'2 "/root/x-1/a_/root/x-1/a1" '/root/x-1/a /root/x-1/a1' > '/root/x-1/a''/root/x-1/a1'\n`,
  )
})

test('JSON of files works in a plain command', () => {
  const batch = new Batch()
  const group = batch.readInputGroup({ fasta: '/a.fa' })
  const job = batch.newJob().command(`run '${JSON.stringify({ ref: group.fasta, all: [group] })}'`)
  expect(scriptOf(job)).toBe(`run '{"ref":"/root/inputs/1/a.fa","all":["/root/inputs/1"]}'\n`)
})

test('a file in the text of a value is its path too', () => {
  const batch = new Batch()
  const job = batch.newJob().command`run ${`--in=${batch.readInput('/a')}`}`
  expect(scriptOf(job)).toBe(`run '--in=''/root/inputs/1/a'\n`)
})

test('a group is the beginning of the names of its files', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x', resourceGroups: { ofile: { bed: '{root}.bed' } } })
  job.command`plink --out ${job.out.ofile}; cat ${job.out.ofile}.bed "${job.out.ofile.bed}"`
  expect(scriptOf(job)).toBe(`plink --out '/root/x-1/ofile'; cat '/root/x-1/ofile'.bed "/root/x-1/ofile.bed"\n`)
})

test('an extension counts for commands before and after it', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x', outputs: ['ofile'] })
  job.command`a > ${job.out.ofile}`
  job.out.ofile.addExtension('.txt')
  job.command`cat ${job.out.ofile}`
  batch.writeOutput(job.out.ofile, '/out')
  expect(scriptOf(job)).toBe(`a > '/root/x-1/ofile.txt'\ncat '/root/x-1/ofile.txt'\n`)
  expect(specOf(batch).jobs[0]?.detail.outputs[0]?.path).toBe('x-1/ofile.txt')
})

const loose = (job: BashJob, value: unknown): unknown =>
  Reflect.apply(job.command, job, [Object.assign(['echo ', ''], { raw: ['echo ', ''] }), value])

test.each([
  [
    undefined,
    /has undefined as value 1 of its command; write a text, a number, a boolean, a file, a group or an array/,
  ],
  [null, /has null as value 1/],
  [{ a: 1 }, /has an object \(Object\) as value 1/],
  [[['a']], /has an array in an array as value 1/],
  [() => 1, /has a function as value 1/],
  [Promise.resolve('x'), /has an object \(Promise\) as value 1 of its command; await it first/],
  [newJob(), /has a job as value 1 of its command; write one of its files, such as job.out.name/],
  [newJob().out, /has all of job.out as value 1 of its command; name one file, such as job.out.name/],
  ['a\0b', /has a NUL character in value 1 of its command; no program can get it/],
  ['\ud800', /has half a character \(a lone surrogate\) in value 1 of its command; repair the text/],
])('%s as a value is refused', (value, message) => {
  expect(() => loose(newJob(), value)).toThrow(InvalidBatchError)
  expect(() => loose(newJob(), value)).toThrow(message)
})

test.each([
  ['', /has an empty command; write one, or leave it out: a job without a command is a barrier/],
  [' \n\t', /has an empty command/],
  ['a\0', /has a NUL character in its command; no shell can read it/],
  [`cat ${newJob()}`, /has a job in its command; write one of its files, such as job.out.name/],
  [`cat ${new Batch()}`, /has a batch in its command/],
  [
    `cat ${newJob().output('a')}`,
    /has __graupel_\w+__ in its command, a file of another batch; read it with readInput/,
  ],
  ['cat __graupel_0123456789_0_0__', /, a file of another program; read it with readInput/],
])('the command %j is refused', (command, message) => {
  expect(() => newJob().command(command)).toThrow(message)
})

test('a command that is no text is refused', () => {
  expect(() => Reflect.apply(newJob().command, newJob(), [3])).toThrow(
    /has 3 as its command; write a text, or a template/,
  )
})

test('an empty template is refused, one with a value is not', () => {
  expect(() => newJob().command`  `).toThrow(/has an empty command/)
  expect(scriptOf(newJob().command`${'ls'}`)).toBe("'ls'\n")
})

test("a file of another batch is refused, with that batch's name", () => {
  const file = new Batch({ name: 'other' }).readInput('/a')
  expect(() => newJob().command`cat ${file}`).toThrow(
    "Job 'x' mentions a file of another batch, 'other'; read it with readInput.",
  )
})

test('a job without a command is a barrier', () => {
  const batch = new Batch()
  batch.newJob()
  expect(onlyJob(batch).detail.task).toEqual({ kind: 'barrier' })
})

test('the shell is the job’s, else the batch’s, else bash', () => {
  const shellOf = (batch: Batch) => {
    const { task } = onlyJob(batch).detail
    return task.kind === 'bash' ? task.shell : undefined
  }
  const plain = new Batch()
  plain.newJob().command('ls')
  expect(shellOf(plain)).toBe('/bin/bash')
  const withDefault = new Batch({ defaultShell: '/bin/sh' })
  withDefault.newJob().command('ls')
  expect(shellOf(withDefault)).toBe('/bin/sh')
  const own = new Batch({ defaultShell: '/bin/sh' })
  own.newJob({ shell: '/bin/ash' }).shell('/bin/dash').command('ls')
  expect(shellOf(own)).toBe('/bin/dash')
})
