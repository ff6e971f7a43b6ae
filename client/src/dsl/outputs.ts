import type { JobResourceFile } from './job-resource-file.ts'
import type { ResourceGroup } from './resource-group.ts'

/**
 * Outputs of a job that declared none: any name.
 *
 * @example `const of = (job: Job<AnyOutputs>) => job.output('counts')`
 */
export interface AnyOutputs {
  readonly [name: string]: JobResourceFile
}

/**
 * Groups of files by name, each with its members' file names; `{root}` is the beginning that they share.
 *
 * @example `const groups = { ofile: { bed: '{root}.bed' } } satisfies GroupTemplates`
 */
export type GroupTemplates = { readonly [group: string]: { readonly [member: string]: string } }

/**
 * No groups: what `newJob` infers where none are declared.
 *
 * @example `type Plain = Outputs<'counts', NoGroups>`
 */
export type NoGroups = Record<never, never>

/**
 * The outputs that group templates make.
 *
 * @example `type Made = Groups<{ ofile: { bed: string } }>['ofile']`
 */
export type Groups<G extends GroupTemplates> = {
  readonly [N in keyof G]: ResourceGroup<keyof G[N] & string, JobResourceFile>
}

/**
 * The outputs of a job that declared the files `F` and the groups `G`.
 *
 * @example `const use = (job: BashJob<Outputs<'counts'>>) => job.out.counts`
 */
export type Outputs<F extends string, G extends GroupTemplates = NoGroups> = (string extends F
  ? AnyOutputs
  : { readonly [N in F]: JobResourceFile }) &
  (NoGroups extends G ? unknown : Groups<G>)
