import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { type CallRoom, makeCallFolder } from '../calls/call-folder.ts'
import { runCallsHere } from '../calls/calls-here.ts'
import { WarmCalls } from '../calls/warm/warm-calls.ts'
import type { Clock } from '../clock.ts'
import { AttemptCode } from '../sandbox/attempt-code.ts'
import { attemptFolderOf } from '../sandbox/attempt-folder.ts'
import { DiskWatch } from '../sandbox/disk-watch.ts'
import { HostFolder } from '../sandbox/host-folder.ts'
import { type Watch, watchAll } from '../sandbox/overrun.ts'
import { processesPerCore } from '../sandbox/processes-per-core.ts'
import type { CallsTask, Command, CommandEnd, OpenOptions, Program, Sandbox, Workspace } from '../sandbox/sandbox.ts'
import { SharedFiles } from '../sandbox/shared-files.ts'
import { FolderSize } from '../usage/folder-size.ts'
import { ProcessTable } from '../usage/process-table.ts'
import type { UsageReading } from '../usage/usage-reading.ts'
import { deletedBytesOf } from './deleted-files.ts'
import { killGroup } from './kill-tree.ts'
import { Launcher } from './launcher.ts'
import { startOrphanGuard } from './orphan-guard.ts'
import { OutputPipes } from './output-pipes.ts'
import { markFor } from './process-mark.ts'
import { ProcessWatch } from './process-watch.ts'
import { type FollowedCommand, type ProcessCommand, runProcess } from './run-process.ts'

export interface ProcessSandboxOptions {
  /** An absolute path; attempts get folders below it. */
  readonly scratch: string
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Unique among the agents of this machine, and the same when one starts again. Marks its processes. */
  readonly agent: string
  /** Shared by all sandboxes of a machine, so that a full disk ends one job and not one of each. Default: its own. */
  readonly diskWatch?: DiskWatch | undefined
  /** Processes that a job may have at once, for each core or part of one. Default 4096, as in containers. */
  readonly processesPerCore?: number | undefined
  /** What commands see of this machine's environment, beside their own; see `pickHostEnvironment`. */
  readonly hostEnvironment: Readonly<Record<string, string>>
}

/** Runs commands as processes of this machine, with this user's rights: for jobs without an image. */
export class ProcessSandbox implements Sandbox {
  readonly #options: ProcessSandboxOptions
  readonly #groups = new Set<number>()
  readonly #launcher = new Launcher()
  readonly #processes: ProcessWatch
  readonly #disk: DiskWatch
  readonly #table = new ProcessTable()
  readonly #pipes: OutputPipes
  readonly #warmCalls: WarmCalls
  readonly #code: SharedFiles
  #endGuard: (() => unknown) | undefined

  constructor(options: ProcessSandboxOptions) {
    this.#options = options
    this.#processes = new ProcessWatch(options.clock)
    this.#disk = options.diskWatch ?? new DiskWatch(options.scratch, options.clock)
    const ownFolder = join(options.scratch, `pipes-${options.agent}`)
    this.#pipes = new OutputPipes(ownFolder)
    this.#warmCalls = new WarmCalls({ ...options, folder: ownFolder })
    this.#code = new SharedFiles(join(ownFolder, 'code'))
  }

  async open(assignment: Assignment, { objects = this.#options.objects }: OpenOptions): Promise<Workspace> {
    const { scratch } = this.#options
    if ((assignment.template.cloudfuse?.length ?? 0) > 0) throw needsImage(assignment)
    const folder = attemptFolderOf(scratch, assignment)
    const host = new HostFolder({ folder, objects, localInputs: 'link', links: 'anywhere' })
    await host.make()
    const code = new AttemptCode(this.#code, objects)
    return {
      root: host.files,
      makeFolder: (path) => host.makeFolder(path),
      clearFolder: (path) => host.clearFolder(path),
      stageIn: (object, path) => (object.isCode ? code.find(object.uri, path) : host.stageIn(object, path)),
      stageLocal: (source, path) => host.stageLocal(source, path),
      placeText: (text, path) => host.placeText(text, path),
      link: (link) => host.link(link),
      run: (command) => this.#run(command, assignment, { folder, files: host.files, code: code.paths }),
      inspect: (path) => host.inspect(path),
      readText: (path, maxBytes) => host.readText(path, maxBytes),
      stageOut: (path, uri, options) => host.stageOut(path, uri, options),
      remove: () => {
        code.release()
        return host.remove()
      },
    }
  }

  /** Ends all commands at once, without waiting: for the last moment of this process. */
  killNow(): void {
    for (const group of this.#groups) killGroup(group, 'SIGKILL')
    this.#warmCalls.killNow()
  }

  /** Once nothing runs any more. */
  async close(): Promise<void> {
    await this.#warmCalls.close()
    this.#endGuard?.()
    this.#endGuard = undefined
    this.#launcher.close()
    await this.#pipes.close()
  }

  async #run(command: Command, assignment: Assignment, { folder, files, code }: Places): Promise<CommandEnd> {
    const { agent, clock, hostEnvironment } = this.#options
    this.#endGuard ??= startOrphanGuard(agent)
    const followed: FollowedCommand = {
      ...command,
      mark: markFor(agent, assignment),
      env: { ...hostEnvironment, ...command.env },
      clock,
      watchOf: (leader) => this.#watchOf(leader, assignment, files),
      groups: this.#groups,
      pipes: this.#pipes,
      usageOf: this.#usageIn(files),
    }
    const start = (words: Words) => runProcess({ ...followed, words, folder: files, launcher: this.#launcher })
    const { program } = command
    switch (program.kind) {
      case 'script':
        return start(await wordsOf(program, folder))
      case 'calls':
        if (program.task.kind === 'functions')
          return this.#warmCalls.run({ assignment, root: files, calls: program.task.calls, elsewhere: code }, followed)
        return runColdCalls(
          program.task,
          { folder, root: files, memoryBytes: assignment.memoryBytes, env: command.env },
          start,
        )
      default:
        return program satisfies never
    }
  }

  #usageIn(files: string): (leader: number) => Promise<UsageReading | undefined> {
    const size = new FolderSize(files)
    return async (leader) => {
      const usage = this.#table.usageOf(leader)
      return usage && { ...usage, storageBytes: await size.bytes() }
    }
  }

  #watchOf(leader: number, { memoryBytes, template }: Assignment, folder: string): Watch {
    const processes = Math.ceil(template.cpuMillis / 1000) * (this.#options.processesPerCore ?? processesPerCore)
    return watchAll(
      (onOver) => this.#processes.add(leader, { memoryBytes, processes }, onOver),
      (onOver) => {
        const elsewhere = { bytes: () => deletedBytesOf(leader, folder) }
        return this.#disk.add({ folder, limitBytes: template.storageBytes, elsewhere, onOver })
      },
    )
  }
}

/** Absolute paths of one attempt. */
interface Places {
  readonly folder: string
  readonly files: string
  /** By paths below `files`. */
  readonly code: Readonly<Record<string, string>>
}

type Words = ProcessCommand['words']

async function runColdCalls(
  task: CallsTask,
  { folder, ...room }: CallRoom & { readonly folder: string },
  start: (words: Words) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const place = join(folder, 'calls')
  const words = await makeCallFolder({ host: place, inner: place }, task, room)
  return runCallsHere(() => start(words), task, place)
}

function needsImage({ name, job }: Assignment): AttemptFault {
  const message = `Job '${name ?? job}' mounts a bucket with cloudfuse, which only containers can; give it an image.`
  return new AttemptFault('image', message)
}

/** An argument may be no longer than 128 KiB on Linux (MAX_ARG_STRLEN); a longer script becomes a file. */
const maxArgumentBytes = 100 * 1024

async function wordsOf({ shell, script }: Extract<Program, { kind: 'script' }>, folder: string): Promise<Words> {
  if (Buffer.byteLength(script) <= maxArgumentBytes) return [shell, '-c', script]
  const path = join(folder, 'script')
  await writeFile(path, script)
  return [shell, path]
}
