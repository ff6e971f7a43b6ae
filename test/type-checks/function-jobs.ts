// Cases for the compiler, never run: what must compile, and below each `@ts-expect-error` what must not. They hold with
// every strict flag and with none.
import {
  Batch,
  type FunctionJob,
  type FunctionJobOptions,
  type FunctionResult,
  type Job,
  type JobResourceFile,
  plinkMerge,
  type ResourceFile,
  Result,
} from 'graupel'
import { is } from './same.ts'

const batch = new Batch({ name: 'x', defaultFunctionImage: 'node:24-slim' })
const first = batch.newJob({ name: 'first', outputs: ['text'] })
const job = batch.newFunctionJob({
  name: 'f',
  cpu: 2,
  memory: '4Gi',
  outputs: ['table'],
  resourceGroups: { pair: { a: '{root}.a', b: '{root}.b' } },
  env: { LEVEL: 'high' },
  dependsOn: [first],
  retry: 3,
})
const genome = batch.readInputGroup({ fasta: 'a.fa', 'fasta.fai': new URL('file:///a.fa.fai') })
const plink = plinkMerge(batch, [])
const count = (path: string, min: number) => path.length + min
const length = job.call((path: string) => path.length, genome.fasta)

interface Bfile {
  bed: string
  bim: string
  fam: string
}
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

class Point {
  x = 1
  norm() {
    return this.x
  }
}

export function jobs(): void {
  is<JobResourceFile>()(job.out.table)
  is<JobResourceFile>()(job.out.pair.a)
  is<JobResourceFile>()(batch.newFunctionJob().output('anything'))
  // @ts-expect-error not declared
  job.out.tabel
  // @ts-expect-error misspelt option
  batch.newFunctionJob({ outpts: ['a'] })
  // @ts-expect-error functions need no shell
  batch.newFunctionJob({ shell: '/bin/sh' })
  // @ts-expect-error a function job has no commands
  job.command`true`
  is<JobResourceFile>()(job.cpu(1).alwaysRun().timeout('1m').dependsOn(first, job).image(null).out.table)
  const any: Job[] = [job, batch.newFunctionJob()]
  const functionJob: FunctionJob = job
  functionJob.dependsOn(any).call(() => 3)
  const options: FunctionJobOptions<'o'> = { name: process.env.NAME, outputs: ['o'] }
  is<JobResourceFile>()(batch.newFunctionJob(options).out.o)
}

export function results(): void {
  is<FunctionResult<number>>()(length)
  is<FunctionResult<number>>()(job.call(count, genome.fasta, 3))
  is<FunctionResult<{ path: string; n: number }>>()(job.call(async (path: string) => ({ path, n: 1 }), first.out.text))
  is<FunctionResult<void>>()(job.call(() => {}))
  is<JobResourceFile>()(length.asJson())
  is<JobResourceFile>()(length.asStr())
  is<JobResourceFile>()(length.asRepr().addExtension('.txt'))
  is<Job>()(length.source())
  const wider: FunctionResult<number | string> = length
  if (wider instanceof Result) batch.writeOutput(wider.asJson(), 'x')
  // @ts-expect-error another type of value
  const wrong: FunctionResult<string> = length
  // @ts-expect-error a result is no file
  first.command`cat ${length}`
  first.command`cat ${length.asJson()} ${wrong.asStr()}`
  // @ts-expect-error a result is no file
  batch.writeOutput(length, 'x')
}

export async function values(): Promise<void> {
  const run = await batch.run()
  is<number>()(await run.value(length))
  is<Point[]>()(await run.value(job.call(() => [new Point()])))
  // @ts-expect-error a file is no value
  await run.value(job.out.table)
}

export function parameters(): void {
  const optional = (path: string, min?: number, ...rest: boolean[]) => `${path}${min}${rest.length}`
  const withDefault = (path: string, min = 3) => path.length + min
  job.call(count, job.out.table, length)
  // @ts-expect-error an argument is missing
  job.call(count, genome.fasta)
  // @ts-expect-error one too many
  job.call(count, genome.fasta, 3, 4)
  // @ts-expect-error of the wrong type
  job.call(count, genome.fasta, 'x')
  // @ts-expect-error the result of a call that returns another type
  job.call(count, length, 3)
  // @ts-expect-error a group is no path
  job.call(count, genome, 3)
  // @ts-expect-error a job is none either
  job.call(count, first, 3)
  job.call(optional, genome.fasta)
  job.call(optional, genome.fasta, 1, true, false)
  job.call(withDefault, genome.fasta)
  // @ts-expect-error inline, each parameter needs its type where a file is passed
  job.call((path: string, min = 3) => path.length + min, genome.fasta)
  is<FunctionResult<string>>()(job.call((x) => x.toFixed(), 3))
  // @ts-expect-error a parameter without a type is taken for the file itself, and refused
  job.call((path) => path, genome.fasta)
  job.call(Math.max, 1, length)
  job.call((either: 'a' | 'b', flag: boolean, none: number | null) => [either, flag, none], 'a', true, null)
  // @ts-expect-error a path is not one of two words
  job.call((either: 'a' | 'b') => either, genome.fasta)
  // @ts-expect-error files arrive as paths, never as they are
  job.call((file: ResourceFile) => file, genome.fasta)
  // @ts-expect-error no function
  job.call('count', genome.fasta)
}

export function depths(): void {
  const many = (paths: string[], options: { ref: string; n: number; deep?: { x: string } | undefined }) =>
    paths.length + options.n
  job.call(many, [genome.fasta, 'x'], { ref: genome.fasta, n: length, deep: { x: job.out.table } })
  // @ts-expect-error a number where a path belongs
  job.call(many, [length], { ref: genome.fasta, n: 1 })
  job.call((pair: [string, number]) => pair, [genome.fasta, length])
  job.call((paths: readonly string[]) => paths, [genome.fasta, first.out.text])
  job.call((json: Json) => json, { a: [1, genome.fasta, { b: length }] })
  job.call((anything: unknown) => anything, { file: genome.fasta, group: genome, result: length })
  job.call(
    (point: Point, map: Map<string, number>, bytes: Uint8Array, date: Date) => [point.norm(), map, bytes, date],
    new Point(),
    new Map([['a', 1]]),
    new Uint8Array(),
    new Date(),
  )
}

export function groups(): void {
  const useBfile = ({ bed, bim, fam }: Bfile) => bed.length + bim.length + fam.length
  job.call(useBfile, plink)
  job.call((files: Record<string, string>) => files, genome)
  job.call((files: Partial<Bfile>) => files, { bed: genome.fasta })
  job.call((all: Bfile[]) => all.map(useBfile), [plink, plink])
  job.call(({ a, b }: { a: string; b: string }) => [a, b], job.out.pair)
  // @ts-expect-error a member is missing
  job.call(useBfile, batch.readInputGroup({ bed: 'a', bim: 'b' }))
}

export function genericsAndOverloads(): void {
  const wrap = <T>(value: T) => [value]
  is<FunctionResult<string[]>>()(job.call(wrap, 'x'))
  is<FunctionResult<string[]>>()(job.call(wrap<string>, genome.fasta))
  // @ts-expect-error where a file is passed, the type has to be given
  job.call(wrap, genome.fasta)
  function both(x: string): 'S'
  function both(x: number): 'N'
  function both(x: string | number): 'S' | 'N' {
    return typeof x === 'string' ? 'S' : 'N'
  }
  is<FunctionResult<'N'>>()(job.call(both, 3))
  // @ts-expect-error only the last overload is seen
  job.call(both, genome.fasta)
  is<FunctionResult<'S'>>()(job.call((x: string) => both(x), genome.fasta))
}
