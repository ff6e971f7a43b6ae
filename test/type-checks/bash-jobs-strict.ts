// Cases for the compiler, never run: what is refused only where the user's flags ask for it.
import { Batch, type Job, type JobResourceFile } from 'graupel'
import { is } from './same.ts'

const batch = new Batch()
const open = batch.newJob({ name: 'open' })

export function withUncheckedIndexes(): void {
  is<JobResourceFile | undefined>()(open.out.anything)
  // @ts-expect-error undeclared names may be missing: `output(name)` is the sure way
  open.command`echo > ${open.out.anything}`
  const statement = batch.newJob({ name: 's' })
  statement.declareResourceGroup({ ofile: { bed: '{root}.bed' } })
  // @ts-expect-error only the returned job has the group
  statement.out.ofile.bed
}

export function withStrictNulls(): void {
  const none = batch.newJob({ outputs: [] })
  // @ts-expect-error there are none
  none.out.left
  const genome = batch.readInputGroup({ fasta: 'a.fa', 'fasta.fai': 'a.fa.fai' })
  // @ts-expect-error no such member
  genome['fasta.dict']
  // @ts-expect-error undefined
  open.command`echo ${process.env.HOME}`
  // @ts-expect-error null
  open.command`echo ${null}`
  is<Job | undefined>()(batch.newJob({ resourceGroups: { g: { a: '{root}' } } }).out.g.source())
  is<undefined>()(batch.readInput('x').source())
}
