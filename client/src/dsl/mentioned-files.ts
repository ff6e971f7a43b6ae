import { batchLabel, invalidJob, type JobDraft } from './job-draft.ts'
import { markMentioned } from './job-outputs.ts'
import { type Resource, scopeOf } from './resource.ts'
import type { ResourceFile } from './resource-file.ts'
import { membersOf, type ResourceGroup } from './resource-group.ts'
import { type Result, valueFileOf } from './result.ts'

/** The files among the arguments of one call, each with a number: the call knows them by it. */
export class MentionedFiles {
  readonly #caller: Pick<JobDraft, 'batch' | 'name' | 'number'>
  readonly #numbers = new Map<ResourceFile, number>()
  readonly #resources = new Set<Resource>()

  constructor(caller: Pick<JobDraft, 'batch' | 'name' | 'number'>) {
    this.#caller = caller
  }

  /** In the order of their numbers. */
  get files(): readonly ResourceFile[] {
    return [...this.#numbers.keys()]
  }

  /** What the call reads or makes. */
  get resources(): ReadonlySet<Resource> {
    return this.#resources
  }

  /** @throws InvalidBatchError if the file is of another batch */
  addFile(file: ResourceFile): number {
    this.#mention(file)
    return this.#numberOf(file)
  }

  /** @throws InvalidBatchError if the group is of another batch */
  addGroup(group: ResourceGroup): Record<string, number> {
    this.#mention(group)
    return Object.fromEntries([...membersOf(group)].map(([member, file]) => [member, this.#numberOf(file)]))
  }

  /** @throws InvalidBatchError if the result is of another batch */
  addResult(result: Result): number {
    this.#checkBatch(result)
    return this.addFile(valueFileOf(result))
  }

  #mention(resource: Resource): void {
    this.#checkBatch(resource)
    markMentioned(resource)
    this.#resources.add(resource)
  }

  #checkBatch(resource: Resource): void {
    const { batch } = scopeOf(resource)
    if (batch === this.#caller.batch) return
    throw invalidJob(
      this.#caller,
      `is passed a file or result of another batch, ${batchLabel(batch)}; read it with readInput.`,
    )
  }

  #numberOf(file: ResourceFile): number {
    const number = this.#numbers.get(file) ?? this.#numbers.size
    this.#numbers.set(file, number)
    return number
  }
}
