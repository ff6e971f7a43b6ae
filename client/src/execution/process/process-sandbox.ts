import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import { attemptFolderOf } from '../sandbox/attempt-folder.ts'
import { HostFolder } from '../sandbox/host-folder.ts'
import type { Command, CommandEnd, OpenOptions, Program, Sandbox, Workspace } from '../sandbox/sandbox.ts'
import { killGroup } from './kill-tree.ts'
import { Launcher } from './launcher.ts'
import { startOrphanGuard } from './orphan-guard.ts'
import { OutputPipes } from './output-pipes.ts'
import { markFor } from './process-mark.ts'
import { runProcess } from './run-process.ts'

export interface ProcessSandboxOptions {
  /** An absolute path; attempts get folders below it. */
  readonly scratch: string
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Unique among the agents of this machine, and the same when one starts again. Marks its processes. */
  readonly agent: string
  /** What commands see of this machine's environment, beside their own; see `pickHostEnvironment`. */
  readonly hostEnvironment: Readonly<Record<string, string>>
}

/** Runs commands as processes of this machine, with this user's rights: for jobs without an image. */
export class ProcessSandbox implements Sandbox {
  readonly #options: ProcessSandboxOptions
  readonly #groups = new Set<number>()
  readonly #launcher = new Launcher()
  readonly #pipes: OutputPipes
  #endGuard: (() => unknown) | undefined

  constructor(options: ProcessSandboxOptions) {
    this.#options = options
    this.#pipes = new OutputPipes(join(options.scratch, `pipes-${options.agent}`))
  }

  async open(assignment: Assignment, { objects = this.#options.objects }: OpenOptions): Promise<Workspace> {
    const { scratch } = this.#options
    if ((assignment.template.cloudfuse?.length ?? 0) > 0) throw needsImage(assignment)
    const folder = attemptFolderOf(scratch, assignment)
    const host = new HostFolder({ folder, objects, localInputs: 'link', links: 'anywhere' })
    await host.make()
    return {
      root: host.files,
      makeFolder: (path) => host.makeFolder(path),
      clearFolder: (path) => host.clearFolder(path),
      stageIn: (object, path) => host.stageIn(object, path),
      stageLocal: (source, path) => host.stageLocal(source, path),
      link: (link) => host.link(link),
      run: (command) => this.#run(command, assignment, folder, host.files),
      inspect: (path) => host.inspect(path),
      stageOut: (path, uri, options) => host.stageOut(path, uri, options),
      remove: () => host.remove(),
    }
  }

  /** Ends all commands at once, without waiting: for the last moment of this process. */
  killNow(): void {
    for (const group of this.#groups) killGroup(group, 'SIGKILL')
  }

  /** Once nothing runs any more. */
  async close(): Promise<void> {
    this.#endGuard?.()
    this.#endGuard = undefined
    this.#launcher.close()
    await this.#pipes.close()
  }

  async #run(command: Command, assignment: Assignment, folder: string, files: string): Promise<CommandEnd> {
    const { agent, clock, hostEnvironment } = this.#options
    this.#endGuard ??= startOrphanGuard(agent)
    return runProcess({
      ...command,
      words: await wordsOf(command.program, folder),
      folder: files,
      mark: markFor(agent, assignment),
      env: { ...hostEnvironment, ...command.env },
      clock,
      groups: this.#groups,
      pipes: this.#pipes,
      launcher: this.#launcher,
    })
  }
}

function needsImage({ name, job }: Assignment): AttemptFault {
  const message = `Job '${name ?? job}' mounts a bucket with cloudfuse, which only containers can; give it an image.`
  return new AttemptFault('image', message)
}

/** An argument may be no longer than 128 KiB on Linux (MAX_ARG_STRLEN); a longer script becomes a file. */
const maxArgumentBytes = 100 * 1024

async function wordsOf(program: Program, folder: string): Promise<readonly [string, ...string[]]> {
  switch (program.kind) {
    case 'script': {
      const { shell, script } = program
      if (Buffer.byteLength(script) <= maxArgumentBytes) return [shell, '-c', script]
      const path = join(folder, 'script')
      await writeFile(path, script)
      return [shell, path]
    }
    case 'calls':
      throw new Error('calls of functions cannot be run yet')
    default:
      return program satisfies never
  }
}
