import type { Assignment, Link, Task } from '../../model/index.ts'
import type { ObjectInfo, ObjectStore } from '../../storage/index.ts'
import type { UsageProbe } from '../usage/usage-reading.ts'

/** Where attempts run. The protocol of an attempt knows no more of a machine than this. */
export interface Sandbox {
  /**
   * Makes a private place for one attempt, with nothing in it, and whatever running its commands needs.
   * @throws AttemptFault with cause `image` if the job's image cannot be had
   */
  open(assignment: Assignment, options: OpenOptions): Promise<Workspace>
}

export interface OpenOptions {
  /** False: files are passed on, and nothing is run. */
  readonly hasCommands: boolean
  readonly signal: AbortSignal
  /** Where the attempt's files are and go. Default: the sandbox's own store. */
  readonly objects?: ObjectStore | undefined
  /** The job has not asked for its image, so its commands begin where those of processes do. Default false. */
  readonly isDefaultImage?: boolean | undefined
}

/** One attempt's files and commands. Paths are below the root unless they are called absolute. */
export interface Workspace {
  /** The absolute path of the root as the commands see it: `BATCH_TMPDIR`. */
  readonly root: string
  makeFolder(path: string): Promise<void>
  /** Makes the folder at `path` anew, with nothing in it. */
  clearFolder(path: string): Promise<void>
  /** Puts a stored object at `path`. @throws ObjectNotFoundError */
  stageIn(object: StagedObject, path: string): Promise<void>
  /** Puts a file or folder of this machine at `path`, by link where that is safe. */
  stageLocal(absolutePath: string, path: string): Promise<'staged' | 'missing'>
  /** Makes a file of a text at `path`, read-only. */
  placeText(text: string, path: string): Promise<void>
  link(link: Link): Promise<void>
  /** Runs the commands to their end and leaves no process behind, whatever happens. */
  run(command: Command): Promise<CommandEnd>
  /** What lies at `path`, or `undefined`. @throws AttemptFault if it is nothing that can be stored */
  inspect(path: string): Promise<FoundOutput | undefined>
  /** What the file at `path` holds, if that is UTF-8 and not longer. */
  readText(path: string, maxBytes: number): Promise<string | undefined>
  /** Stores the file at `path`, which does not change any more unless `mayChange` says that it may. */
  stageOut(path: string, uri: string, options?: StageOutOptions): Promise<ObjectInfo>
  /** Leaves nothing behind. */
  remove(): Promise<void>
}

export interface StageOutOptions {
  /** The commands still run: what is stored is a copy of the file as it is now. Default false. */
  readonly mayChange?: boolean | undefined
}

export interface StagedObject {
  readonly uri: string
  readonly generation?: string | undefined
  readonly isExecutable?: boolean | undefined
  /** The commands find it by `Command.program` alone, so it may lie elsewhere. Default false. */
  readonly isCode?: boolean | undefined
  /** The commands may change the file. Default: it may be a link, and read-only. */
  readonly isWritable?: boolean | undefined
}

export interface Command {
  readonly program: Program
  readonly env: Readonly<Record<string, string>>
  /** Aborted: end the commands with SIGTERM, after `graceMs()` with SIGKILL. */
  readonly signal: AbortSignal
  readonly graceMs: () => number
  /** Takes what the commands print; resolves when it wants more. */
  readonly print: (chunk: Uint8Array) => Promise<void> | void
  /** Called once the commands run, with what looks at them. */
  readonly onRunning?: ((probe: UsageProbe) => void) | undefined
}

export type Program =
  | { readonly kind: 'script'; readonly shell: string; readonly script: string }
  /** Calls of functions, by the runner of their language, which comes with the sandbox. */
  | { readonly kind: 'calls'; readonly task: CallsTask }

/** Functions of a program, to be called one after the other. */
export type CallsTask = Extract<Task, { kind: 'functions' | 'python' }>

export type CommandEnd =
  /** `message`: what the program itself says of its failure, for the user. */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly message?: string | undefined }
  /** By a signal that the sandbox did not send. */
  | { readonly kind: 'signalled'; readonly exitCode: number; readonly signal: string }
  /** The system or the sandbox ended them: they took more than the job's memory, or the machine's was used up. */
  | { readonly kind: 'outOfMemory'; readonly exitCode: number; readonly isMachineFull?: boolean }
  /** The sandbox ended them: their files took more than the job's storage, or the most of a disk that is full. */
  | { readonly kind: 'outOfDisk'; readonly usedBytes: number; readonly isDiskFull: boolean }
  /** Because `Command.signal` was aborted. */
  | { readonly kind: 'killed' }

export type FoundOutput =
  | { readonly kind: 'file'; readonly isExecutable: boolean }
  | { readonly kind: 'folder'; readonly files: readonly FoundFile[]; readonly emptyFolders: readonly string[] }

/** A file of a folder. `path` is below the folder. */
export interface FoundFile {
  readonly path: string
  readonly isExecutable: boolean
}
