import { checkText, quoted } from './check-settings.ts'
import { type CommandPiece, writeCommand } from './command-script.ts'
import type { Interpolation } from './interpolation.ts'
import { Job } from './job.ts'
import { batchLabel, invalidJob, type JobDraft } from './job-draft.ts'
import { type JobOutputs, markMentioned } from './job-outputs.ts'
import type { Groups, GroupTemplates } from './outputs.ts'
import { type Resource, scopeOf } from './resource.ts'

let readCommands: (job: BashJob) => readonly (readonly CommandPiece[])[]

/**
 * A job that runs shell commands. Made by `batch.newJob`. Without a command it is a barrier, which succeeds.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * const hello = batch.newJob({ name: 'hello', outputs: ['text'] })
 * hello.command`echo hello > ${hello.out.text}`
 * batch.newJob({ name: 'show' }).command`cat ${hello.out.text}`
 * await batch.run()
 * ```
 */
export class BashJob<out O = unknown> extends Job<O> {
  readonly #draft: JobDraft
  readonly #outputs: JobOutputs
  readonly #commands: (readonly CommandPiece[])[] = []

  static {
    readCommands = (job) => job.#commands
  }

  constructor(draft: JobDraft, outputs: JobOutputs) {
    super(draft, outputs)
    this.#draft = draft
    this.#outputs = outputs
  }

  /**
   * The shell that runs the commands, called with `-c`. Default: the batch's `defaultShell`, else `/bin/bash`.
   *
   * @example `job.shell('/bin/sh')`
   */
  shell(path: string): this {
    const { settings, refuse } = this.change('shell()')
    checkText('shell', path, refuse)
    settings.shell = path
    return this
  }

  /**
   * Adds a command. All commands of a job run in one shell under `set -e`, so `cd` and variables carry over. The text
   * is taken as it is written: `\n` and `\.` reach the shell. A value reaches the program exactly as it is, in
   * whatever quotes it stands; an array is its items with spaces between; a file becomes its path.
   *
   * @example ``job.command`sort -k ${column} ${input} > ${job.out.sorted}` ``
   * @throws InvalidBatchError if the command is empty, a value cannot stand where it does (in a heredoc, in backticks,
   *   in `$'…'`), or a file is of another batch
   */
  command(script: TemplateStringsArray, ...values: readonly Interpolation[]): this
  /**
   * Adds a command as a text, in which files and groups may stand as texts too.
   *
   * @example `job.command('cat ' + files.join(' '))`
   */
  command(script: string): this
  command(script: string | TemplateStringsArray, ...values: readonly Interpolation[]): this {
    const { refuse } = this.change('command()')
    if (typeof script !== 'string' && !Array.isArray(script?.raw))
      throw refuse(`has ${quoted(script)} as its command; write a text, or a template: job.command\`…\`.`)
    const pieces = writeCommand({ draft: this.#draft, tokens: this.#outputs.scope.tokens }, script, values)
    if (pieces.every((piece) => typeof piece === 'string' && piece.trim() === ''))
      throw refuse('has an empty command; write one, or leave it out: a job without a command is a barrier.')
    if (pieces.some((piece) => typeof piece === 'string' && piece.includes('\0')))
      throw refuse('has a NUL character in its command; no shell can read it.')
    for (const piece of pieces) if (typeof piece !== 'string') this.#checkResource(piece.resource)
    this.#commands.push(pieces)
    return this
  }

  /**
   * Declares groups of files that the job makes, by name: each member with its file name, in which `{root}` is the
   * beginning that the group's files share. Refines the type of the job it returns.
   *
   * @example `const job = batch.newJob().declareResourceGroup({ ofile: { bed: '{root}.bed', bim: '{root}.bim' } })`
   * @throws InvalidBatchError if a name is taken, or a template has no `{root}`
   */
  declareResourceGroup<const G extends GroupTemplates>(groups: G): BashJob<O & Groups<G>> {
    this.change('declareResourceGroup()')
    this.#outputs.declareGroups(groups)
    // The same job: `out` now has these groups.
    return this as unknown as BashJob<O & Groups<G>>
  }

  #checkResource(resource: Resource): void {
    const { batch } = scopeOf(resource)
    if (batch !== this.#draft.batch) {
      const message = `mentions a file of another batch, ${batchLabel(batch)}; read it with readInput.`
      throw invalidJob(this.#draft, message)
    }
    markMentioned(resource)
  }
}

/** The commands of a job, in their order. */
export const commandsOf = (job: BashJob): readonly (readonly CommandPiece[])[] => readCommands(job)
