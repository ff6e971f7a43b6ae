import { type Job, type OutputTable, outputTableOf } from './job.ts'
import { invalidJob, type JobDraft } from './job-draft.ts'
import { JobResourceFile, type OutputPlace, outputPlaceOf } from './job-resource-file.ts'
import { problemOfName } from './names.ts'
import { nearestHint } from './nearest-name.ts'
import { makeOutProxy } from './out-proxy.ts'
import type { GroupTemplates } from './outputs.ts'
import type { Resource, ResourceScope } from './resource.ts'
import { isResourceFile } from './resource-file.ts'
import { groupOf, makeGroup, originOf, ResourceGroup } from './resource-group.ts'

type Output = JobResourceFile | ResourceGroup<string, JobResourceFile>

/** The outputs of one job: a handle per name, made once and kept. */
export class JobOutputs implements OutputTable {
  readonly #draft: JobDraft
  readonly scope: ResourceScope
  #job: Job | undefined
  readonly #handles = new Map<string, Output>()
  /** Names that were declared, or mentioned in a command. */
  readonly #known = new Set<string>()
  readonly #declared = new Set<string>()
  #isClosed = false
  #proxy: object | undefined

  constructor(draft: JobDraft, scope: ResourceScope) {
    this.#draft = draft
    this.scope = scope
  }

  attach(job: Job): void {
    this.#job = job
  }

  get proxy(): object {
    this.#proxy ??= makeOutProxy(this)
    return this.#proxy
  }

  /** Closes the table: other names are refused from now on. @throws InvalidBatchError */
  declareFiles(names: readonly string[]): void {
    this.#isClosed = true
    for (const name of names) {
      this.#declare(name, this.#makeFile({ name, path: name, isMember: false }))
    }
  }

  /** @throws InvalidBatchError */
  declareGroups(groups: GroupTemplates): void {
    for (const [name, templates] of Object.entries(groups)) this.#declare(name, this.#makeGroup(name, templates))
  }

  /** @throws InvalidBatchError */
  get(name: string): Output {
    const handle = this.#handles.get(name)
    if (handle !== undefined) return handle
    this.#checkName(name)
    if (this.#isClosed) throw this.#invalid(`has no output '${name}'${nearestHint(name, [...this.#declared])}`)
    const file = this.#makeFile({ name, path: name, isMember: false })
    this.#handles.set(name, file)
    return file
  }

  has(name: string): boolean {
    return this.#known.has(name)
  }

  isDeclared(name: string): boolean {
    return this.#declared.has(name)
  }

  names(): string[] {
    return [...this.#known]
  }

  /** Everything that the job may make: what is declared or mentioned. */
  *known(): Generator<Output> {
    for (const name of this.#known) {
      const handle = this.#handles.get(name)
      if (handle !== undefined) yield handle
    }
  }

  mention(name: string): void {
    // The files of results are no outputs with a name in `out`.
    if (this.#handles.has(name)) this.#known.add(name)
  }

  get label(): string {
    return `${this.#draft.name ?? this.#draft.number}`
  }

  invalidAccess(what: string): Error {
    return this.#invalid(what)
  }

  #declare(name: string, output: Output): void {
    this.#checkName(name)
    if (this.#handles.has(name)) throw this.#invalid(`has the output '${name}' twice; give each a name of its own.`)
    this.#handles.set(name, output)
    this.#declared.add(name)
    this.#known.add(name)
  }

  #owner(): Job {
    if (this.#job === undefined) throw new Error('outputs belong to no job yet')
    return this.#job
  }

  #makeFile(place: Omit<OutputPlace, 'job'>): JobResourceFile {
    return new JobResourceFile(this.scope, { ...place, job: this.#owner() })
  }

  #makeGroup(name: string, templates: { readonly [member: string]: string }): ResourceGroup<string, JobResourceFile> {
    if (typeof templates !== 'object' || templates === null || Object.keys(templates).length === 0)
      throw this.#invalid(`declares the resource group '${name}' without members; write { bed: '{root}.bed' }.`)
    const members = Object.entries(templates).map(([member, template]) => {
      const path = this.#memberPath(name, member, template)
      return [member, this.#makeFile({ name: `${name}.${member}`, path, isMember: true })] as const
    })
    return makeGroup(this.scope, { kind: 'job', job: this.#owner(), name }, new Map(members))
  }

  #memberPath(group: string, member: string, template: string): string {
    if (typeof template !== 'string' || !template.includes('{root}'))
      throw this.#invalid(
        `declares member '${member}' of resource group '${group}' as ${JSON.stringify(template)}; ` +
          `write a file name with {root} in it, such as '{root}.${member}'.`,
      )
    const path = template.replaceAll('{root}', () => group)
    const problem = problemOfName(path)
    if (problem !== undefined)
      throw this.#invalid(`names member '${member}' of resource group '${group}' '${path}': ${problem}.`)
    return path
  }

  #checkName(name: string): void {
    const problem = problemOfName(name)
    if (problem !== undefined) throw this.#invalid(`cannot have an output '${name}': ${problem}.`)
  }

  #invalid(message: string): Error {
    return invalidJob(this.#draft, message)
  }
}

/** Notes that a command mentions a resource: from now on its job's `out` shows it. */
export function markMentioned(resource: Resource): void {
  const group = resource instanceof ResourceGroup ? resource : isResourceFile(resource) ? groupOf(resource) : undefined
  if (group !== undefined) {
    const origin = originOf(group)
    if (origin.kind === 'job') outputTableOf(origin.job).mention(origin.name)
  } else if (resource instanceof JobResourceFile) {
    outputTableOf(resource.source()).mention(outputPlaceOf(resource).name)
  }
}
