// Cases for the compiler, never run: what must compile, and below each `@ts-expect-error` what must not. They hold with
// every strict flag and with none.
import {
  Batch,
  type Job,
  type JobResourceFile,
  kwargs,
  type PythonArg,
  type PythonFunction,
  type PythonJob,
  type PythonResult,
  python,
  pythonFunction,
} from 'graupel'
import { is } from './same.ts'

const batch = new Batch({ name: 'x', defaultPythonImage: 'python:3.13-slim' })
const job = batch.newPythonJob({ name: 'p', cpu: 2, outputs: ['table'], resourceGroups: { pair: { a: '{root}.a' } } })
const genome = batch.readInputGroup({ fasta: 'a.fa', 'fasta.fai': new URL('file:///a.fa.fai') })
const mean = pythonFunction('stats.py', 'mean')
const scale = python`
  def scale(x, by=${2n}):
      return [x * by, ${'text'}, ${null}, ${1.5}, ${true}]
`
const length = (text: string) => text.length

export function functions(): void {
  is<PythonFunction>()(mean)
  is<PythonFunction>()(pythonFunction(new URL('file:///stats.py'), 'mean'))
  // @ts-expect-error a list has no literal: it is an argument
  python`def f(): return ${[1]}`
  // @ts-expect-error a file is an argument
  python`def f(): return ${genome.fasta}`
}

export function calls(): void {
  is<PythonResult>()(job.call(mean, genome.fasta, [1, 2, { a: genome }], kwargs({ digits: 3, out: job.out.table })))
  is<JobResourceFile>()(job.call(scale, job.call(mean), 2).asRepr())
  is<JobResourceFile>()(job.out.pair.a)
  const nested: PythonArg = { a: [null, true, 1n, new Uint8Array(1), { b: job.out.pair }] }
  job.call(scale, nested, Buffer.from('x'))
  job.call(mean, ...[1, 2, 3])
  const jobs: Job[] = [job, batch.newPythonJob()]
  const anyJob: PythonJob = job
  anyJob.dependsOn(jobs).image(null).call(mean)
}

export function refusals(): void {
  const counted = batch.newFunctionJob().call(length, 'x')
  // @ts-expect-error kwargs come last
  job.call(mean, kwargs({ a: 1 }), 3)
  // @ts-expect-error functions do not travel to Python
  job.call(mean, () => 3)
  // @ts-expect-error a TypeScript result goes through asJson()
  job.call(mean, counted)
  job.call(mean, counted.asJson())
  // @ts-expect-error a TypeScript function in a Python job
  job.call(length, genome.fasta)
  // @ts-expect-error and the other way round
  batch.newFunctionJob().call(mean, 'x')
  // @ts-expect-error a Python result goes through asJson() too
  batch.newFunctionJob().call(length, job.call(mean))
  // @ts-expect-error a job is nothing to pass
  job.call(mean, batch.newPythonJob())
  // @ts-expect-error dates have no counterpart
  job.call(mean, new Date())
  // @ts-expect-error nor have keywords
  job.call(mean, kwargs({ when: new Date() }))
  // @ts-expect-error not declared
  job.out.tabel
  // @ts-expect-error a result is not written, a file of it is
  batch.writeOutput(job.call(mean), 'mean')
  // @ts-expect-error nor is it put into a command
  batch.newJob().command`cat ${job.call(mean)}`
}
