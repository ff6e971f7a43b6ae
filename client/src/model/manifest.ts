import { z } from 'zod'

/** One stored file of an output. */
export const storedFileSchema = z.object({
  /** Path inside the output: empty for an output that is a file itself. */
  path: z.string(),
  uri: z.string(),
  generation: z.string(),
  sizeBytes: z.number(),
  crc32c: z.string(),
  isExecutable: z.boolean().optional(),
})
export type StoredFile = z.infer<typeof storedFileSchema>

/** One output as an attempt left it, keyed by its path below `BATCH_TMPDIR`. */
export const storedOutputSchema = z.object({
  kind: z.enum(['file', 'folder']),
  files: z.array(storedFileSchema),
  /** Folders without a file, which would be lost otherwise. */
  emptyFolders: z.array(z.string()).optional(),
})
export type StoredOutput = z.infer<typeof storedOutputSchema>

/** The empty folders to make for an output, each with a slash at its end; `''` is the output itself, if nothing is in it. */
export function emptyFoldersOf({ kind, files, emptyFolders = [] }: StoredOutput): string[] {
  if (kind === 'folder' && files.length === 0 && emptyFolders.length === 0) return ['']
  return emptyFolders.map((folder) => `${folder}/`)
}

/**
 * Commits one attempt's files. The manifest lies at the job's fixed name and is created only if absent, after exit 0
 * and with all needed outputs uploaded; a failed attempt writes `partial.json` under its own prefix instead.
 */
export const manifestSchema = z.object({
  job: z.number().int(),
  attempt: z.number().int(),
  outputs: z.record(z.string(), storedOutputSchema),
  /** Small results of calls, by their paths, like `outputs`: the texts themselves. */
  values: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

const neighbours = 256

/** The first of the jobs whose packs lie in one folder: few enough for one listing, enough for packs that are full. */
export const firstNeighbour = (job: number): number => job - ((job - 1) % neighbours)

/**
 * What is newest in the checkpoint folder of a job: `checkpoint.json` at the job's fixed name points to the files, which
 * lie under the prefix of the attempt that stored them. It is replaced only by one that is newer, so what a worker does
 * that has lost its job never hides what came later.
 */
export const checkpointSchema = z.object({
  job: z.number().int(),
  attempt: z.number().int(),
  /** 1, 2, … within the attempt. */
  number: z.number().int(),
  content: storedOutputSchema,
})
export type Checkpoint = z.infer<typeof checkpointSchema>

/**
 * Where a batch's objects lie, below its root. One place, so that worker, service and client agree. What is below
 * `files` is scratch and goes when the run ends; logs stay.
 */
export const objectPaths = {
  scratch: (root: string) => `${root}/files/`,
  /** A job detail too large for its chunk. */
  detail: (root: string, name: string) => `${root}/files/details/${name}`,
  /** A local input that the client uploaded; `path` is its place below `BATCH_TMPDIR`. */
  input: (root: string, path: string) => `${root}/files/${path}`,
  manifest: (root: string, job: number) => `${root}/files/manifests/${job}.json`,
  /** Everything that one attempt stores, but its log. */
  attempt: (root: string, job: number, attempt: number) => `${root}/files/jobs/${job}/${attempt}`,
  partial: (root: string, job: number, attempt: number) => `${root}/files/jobs/${job}/${attempt}/partial.json`,
  output: (root: string, job: number, attempt: number, path: string) =>
    `${root}/files/jobs/${job}/${attempt}/files/${path}`,
  checkpoint: (root: string, job: number) => `${root}/files/jobs/${job}/checkpoint.json`,
  /** The files of one checkpoint; `path` is below the checkpoint folder. */
  checkpointFile: (root: string, { job, attempt, number }: Omit<Checkpoint, 'content'>, path: string) =>
    `${root}/files/jobs/${job}/${attempt}/checkpoints/${number}/${path}`,
  /** What jobs of the batch share and was there before them; the name tells the content. Stays when the run ends. */
  text: (root: string, name: string) => `${root}/texts/${name}`,
  /** A result that the program may ask for, also when the run has ended. */
  value: (root: string, job: number, name: string) => `${root}/values/${job}-${name}`,
  /** What an attempt prints while it runs, if that is long or takes long: consecutive pieces `000000`, `000001`, … */
  log: (root: string, job: number, attempt: number) => `${root}/logs/${job}/${attempt}`,
  logPiece: (root: string, job: number, attempt: number, number: number) =>
    `${root}/logs/${job}/${attempt}/${String(number).padStart(6, '0')}`,
  /** Written anew while somebody follows what an attempt prints. */
  followed: (root: string, job: number, attempt: number) => `${root}/followed/${job}/${attempt}`,
  /** Packs of what attempts of this job and its neighbours left when they ended. */
  packs: (root: string, job: number) => `${root}/logs/packs/${firstNeighbour(job)}`,
  /** What an attempt that takes long has used so far. */
  usage: (root: string, job: number, attempt: number) => `${root}/usage/${job}/${attempt}`,
} as const
