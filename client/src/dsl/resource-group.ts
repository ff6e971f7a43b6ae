import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { inspect } from './inspect.ts'
import type { Job } from './job.ts'
import { draftOf } from './job.ts'
import { nearestHint } from './nearest-name.ts'
import { Resource, type ResourceScope } from './resource.ts'
import type { ResourceFile } from './resource-file.ts'

/** Where a group comes from: a job's output, or the read of an input group. */
export type GroupOrigin =
  | { readonly kind: 'job'; readonly job: Job; readonly name: string }
  | { readonly kind: 'input'; readonly read: number }

let readOrigin: (group: ResourceGroupBase<string, ResourceFile>) => GroupOrigin
let readMembers: (group: ResourceGroupBase<string, ResourceFile>) => ReadonlyMap<string, ResourceFile>
const groups = new WeakMap<ResourceFile, ResourceGroupBase<string, ResourceFile>>()

class ResourceGroupBase<K extends string, F extends ResourceFile> extends Resource {
  readonly #origin: GroupOrigin
  readonly #members: ReadonlyMap<string, F>

  static {
    readOrigin = (group) => group.#origin
    readMembers = (group) => group.#members
  }

  constructor(scope: ResourceScope, origin: GroupOrigin, members: ReadonlyMap<string, F>) {
    super(scope)
    this.#origin = origin
    this.#members = members
    for (const [name, file] of members) {
      groups.set(file, this)
      if (!(name in this)) Object.defineProperty(this, name, { value: file, enumerable: true })
    }
  }

  /**
   * A member by its name; also one that is named like a method, or only known at run time.
   *
   * @throws InvalidBatchError if there is no such member
   */
  get(member: K): F {
    const file = this.#members.get(member)
    if (file !== undefined) return file
    const hint = nearestHint(member, [...this.#members.keys()])
    throw new InvalidBatchError({ message: `${this.#label()} has no member '${member}'${hint}` })
  }

  override source(): Job | undefined {
    return this.#origin.kind === 'job' ? this.#origin.job : undefined
  }

  #label(): string {
    return this.#origin.kind === 'job' ? `Resource group '${this.#origin.name}'` : 'The input group'
  }

  override [inspect](): string {
    const members = [...this.#members.keys()].join(', ')
    if (this.#origin.kind === 'input') return `ResourceGroup(${members})`
    const draft = draftOf(this.#origin.job)
    return `ResourceGroup(${draft.name ?? draft.number} › ${this.#origin.name}: ${members})`
  }
}

/**
 * Files that belong together and share the beginning of their names. In a command the group is that beginning:
 * `${group}.bed`. A member is `group.bed`, `group['fasta.fai']` or `group.get(name)`.
 *
 * @example
 * ```ts
 * import { Batch, type ResourceGroup } from 'graupel'
 *
 * const batch = new Batch()
 * const genome: ResourceGroup<'fasta' | 'fasta.fai'> = batch.readInputGroup({
 *   fasta: 'data/hg.fasta',
 *   'fasta.fai': 'data/hg.fasta.fai',
 * })
 * batch.newJob().command`head -n 1 ${genome.fasta}; wc -l ${genome}.fasta.fai`
 * ```
 */
export type ResourceGroup<K extends string = string, F extends ResourceFile = ResourceFile> = ResourceGroupBase<K, F> &
  (string extends K ? unknown : { readonly [N in Exclude<K, keyof ResourceGroupBase<string, F>>]: F })

/** For `instanceof`. Groups are made by `readInputGroup` and `resourceGroups`. */
export const ResourceGroup: abstract new (...args: never) => ResourceGroup = ResourceGroupBase

export function makeGroup<K extends string, F extends ResourceFile>(
  scope: ResourceScope,
  origin: GroupOrigin,
  members: ReadonlyMap<string, F>,
): ResourceGroup<K, F> {
  // The constructor has just defined a property for each member.
  return new ResourceGroupBase<K, F>(scope, origin, members) as ResourceGroup<K, F>
}

export const originOf = (group: ResourceGroup): GroupOrigin => readOrigin(group)

export const membersOf = (group: ResourceGroup): ReadonlyMap<string, ResourceFile> => readMembers(group)

/** The group that a file is a member of. */
export const groupOf = (file: ResourceFile): ResourceGroup | undefined => groups.get(file)
