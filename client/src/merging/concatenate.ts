import type { Batch } from '../dsl/batch.ts'
import { isResourceFile, type ResourceFile } from '../dsl/resource-file.ts'
import { checkMerge, type MergeKind } from './check-merge.ts'
import type { MergeOptions } from './merge-options.ts'
import { mergeShell } from './merge-shell.ts'
import { inChunks, type MergePlace, mergeTree } from './merge-tree.ts'

/** So many paths always fit into the arguments of one `cat`, however long they are. */
const filesPerCat = 100

const kind: MergeKind<ResourceFile> = {
  name: 'concatenate',
  one: 'file',
  many: 'files',
  remedy: 'pass files, such as job.out.name',
  isOne: isResourceFile,
}

/**
 * One file that holds all files in their order, made by a tree of jobs named `concatenate-<level>-<number>`, each of
 * which needs a shell and `cat`. Default: no image of their own, 100 files a job. A single file is returned as it is.
 *
 * @example
 * ```ts
 * import { Batch, concatenate } from 'graupel'
 *
 * const batch = new Batch({ name: 'numbers' })
 * const files = [1, 2, 3].map((i) => {
 *   const job = batch.newJob({ name: `number-${i}`, outputs: ['text'] })
 *   job.command`echo ${i} > ${job.out.text}`
 *   return job.out.text
 * })
 * batch.writeOutput(concatenate(batch, files, { branchingFactor: 2 }), 'out/numbers.txt')
 * await batch.run()
 * ```
 * @throws InvalidBatchError if there are no files, one is of another batch, or the branching factor is not a whole
 *   number of at least 2
 */
export function concatenate(batch: Batch, files: readonly ResourceFile[], options: MergeOptions = {}): ResourceFile {
  const { image, branchingFactor = 100 } = options
  checkMerge(kind, batch, files, branchingFactor)
  const shell = mergeShell(batch)
  return mergeTree(files, branchingFactor, (some, place) => addConcatenation(batch, some, place, { image, shell }))
}

function addConcatenation(
  batch: Batch,
  files: readonly ResourceFile[],
  { level, number }: MergePlace,
  options: { readonly image: string | undefined; readonly shell: string },
): ResourceFile {
  const job = batch.newJob({ name: `concatenate-${level}-${number}`, outputs: ['all'], ...options })
  for (const [index, some] of inChunks(files, filesPerCat).entries()) {
    if (index === 0) job.command`cat ${some} > ${job.out.all}`
    else job.command`cat ${some} >> ${job.out.all}`
  }
  return job.out.all
}
