import type { Batch } from '../dsl/batch.ts'
import { membersOf, ResourceGroup } from '../dsl/resource-group.ts'
import { checkMerge, type MergeKind } from './check-merge.ts'
import type { MergeOptions } from './merge-options.ts'
import { mergeShell } from './merge-shell.ts'
import { type MergePlace, mergeTree } from './merge-tree.ts'

/**
 * The members of a group of PLINK files: genotypes, variants, samples.
 *
 * @example ``const count = (bfile: ResourceGroup<Plink>) => batch.newJob().command`wc -l ${bfile.bim}` ``
 */
export type Plink = 'bed' | 'bim' | 'fam'

const members = ['bed', 'bim', 'fam'] as const

const kind: MergeKind<ResourceGroup<Plink>> = {
  name: 'plinkMerge',
  one: 'group',
  many: 'groups',
  remedy: 'pass groups with the members bed, bim and fam',
  isOne: (value): value is ResourceGroup<Plink> => value instanceof ResourceGroup,
  problemOf: (group) => {
    const missing = members.find((member) => !membersOf(group).has(member))
    return missing === undefined ? undefined : `has no member '${missing}'`
  },
}

/**
 * One group of PLINK files that holds all samples and variants of several, made by a tree of jobs named
 * `plink-merge-<level>-<number>`, each of which needs a shell and plink 1.9, as `plink1.9` or `plink`. Default: no image
 * of their own, 100 groups a job. A single group is returned as it is.
 *
 * @example
 * ```ts
 * import { Batch, plinkMerge } from 'graupel'
 *
 * const batch = new Batch({ name: 'genome', defaultImage: 'genetics:1' })
 * const chromosomes = [1, 2, 3].map((i) =>
 *   batch.readInputGroup({ bed: `data/chr${i}.bed`, bim: `data/chr${i}.bim`, fam: `data/chr${i}.fam` }),
 * )
 * batch.writeOutput(plinkMerge(batch, chromosomes), 'out/genome') // out/genome.bed, .bim, .fam
 * await batch.run()
 * ```
 * @throws InvalidBatchError if there are no groups, one is of another batch or lacks a member, or the branching factor
 *   is not a whole number of at least 2
 */
export function plinkMerge(
  batch: Batch,
  bfiles: readonly ResourceGroup<Plink>[],
  options: MergeOptions = {},
): ResourceGroup<Plink> {
  const { image, branchingFactor = 100 } = options
  checkMerge(kind, batch, bfiles, branchingFactor)
  const shell = mergeShell(batch)
  return mergeTree(bfiles, branchingFactor, (some, place) => addPlinkMerge(batch, some, place, { image, shell }))
}

function addPlinkMerge(
  batch: Batch,
  bfiles: readonly ResourceGroup<Plink>[],
  { level, number }: MergePlace,
  options: { readonly image: string | undefined; readonly shell: string },
): ResourceGroup<Plink> {
  const job = batch.newJob({
    name: `plink-merge-${level}-${number}`,
    resourceGroups: { bfile: { bed: '{root}.bed', bim: '{root}.bim', fam: '{root}.fam' } },
    ...options,
  })
  job.command(preparation)
  for (const group of bfiles) job.command`add ${members.map((member) => group.get(member))}`
  job.command`"$plink" --merge-list filesets --make-bed --out ${job.out.bfile}`
  return job.out.bfile
}

/**
 * plink splits the lines of its list at spaces, so each fileset gets a short name without any. Debian calls the program
 * plink1.9: its `plink` is another one.
 */
const preparation = `
plink=$(command -v plink1.9 || command -v plink) || { echo 'plink 1.9 is not here; name an image that has it' >&2; exit 127; }
filesets=0
add() {
  filesets=$((filesets + 1))
  ln -s "$1" "$filesets.bed"
  ln -s "$2" "$filesets.bim"
  ln -s "$3" "$filesets.fam"
  echo "$filesets" >> filesets
}`
