import type { Attributes } from './attributes.ts'
import type { Job } from './job.ts'
import type { BatchIdentity } from './job-draft.ts'
import type { JobOutputs } from './job-outputs.ts'
import type { JobTask } from './job-task.ts'
import type { AnyOutputs } from './outputs.ts'
import type { Resource } from './resource.ts'
import type { ResourceFile } from './resource-file.ts'
import type { Settings } from './settings.ts'
import { TokenTable } from './token.ts'

export interface JobEntry {
  readonly job: Job<AnyOutputs>
  readonly outputs: JobOutputs
  /** The image of jobs of its kind, unless they name their own. */
  readonly defaultImage: string | null | undefined
  readonly task: () => JobTask
}

/** A file's way out of the batch. A group is one of these per member. */
export interface Write {
  readonly file: ResourceFile
  readonly destination: string
}

export interface GraphOptions {
  readonly name: string | undefined
  readonly attributes: Attributes
  readonly requesterPaysProject: string | undefined
  readonly cancelAfterNFailures: number | undefined
  readonly defaults: Settings
  readonly defaultPythonImage: string | undefined
  readonly defaultFunctionImage: string | undefined
}

/** Everything that a program has said about a batch. */
export class BatchGraph implements BatchIdentity {
  readonly name: string | undefined
  readonly options: GraphOptions
  readonly entries: JobEntry[] = []
  readonly tokens = new TokenTable<Resource>()
  /** Not yet submitted. */
  writes: Write[] = []
  /** Names of the shared texts that are with the submitted batch. */
  sentTexts = new Set<string>()
  /** Inputs and input groups read so far. */
  reads = 0
  /** Submissions so far. */
  runs = 0
  /** Of the submitted batch. */
  batchId: string | undefined
  /** Found by its id: other programs made jobs of it too, so folders get names of this program's own. */
  isFound = false
  /** The submission under way. */
  turn: Promise<void> | undefined
  /** Goes before the names of folders; decided when first submitted. */
  folderPrefix: string | undefined

  constructor(options: GraphOptions) {
    this.name = options.name
    this.options = options
  }

  get batch(): BatchIdentity {
    return this
  }
}
