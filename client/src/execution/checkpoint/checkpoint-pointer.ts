import { type Checkpoint, checkpointSchema, objectPaths } from '../../model/index.ts'
import { ObjectNotFoundError, PreconditionFailedError } from '../../storage/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'

type Io = AttemptContext['io']

/** Others may replace the pointer in between so often, of whom each has read it before. */
const tries = 10

interface Found {
  readonly checkpoint: Checkpoint
  readonly generation: string
}

/** The newest checkpoint of this attempt's job, or `undefined` if there is none. */
export async function findCheckpoint(context: AttemptContext, io: Io): Promise<Found | undefined> {
  const uri = pointerOf(context)
  for (let attempt = 1; ; attempt++) {
    const info = await io(`Looking at ${uri}`, () => context.objects.stat(uri))
    if (info === undefined) return undefined
    try {
      const { generation } = info
      const bytes = await io(`Reading ${uri}`, () => context.objects.read(uri, { generation }))
      return { checkpoint: checkpointSchema.parse(JSON.parse(new TextDecoder().decode(bytes))), generation }
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError) || attempt === tries) throw error
    }
  }
}

/**
 * Makes `next` the job's checkpoint, unless a newer one is there: then this attempt is not the job's any more. Returns the
 * one that it has replaced.
 */
export async function replaceCheckpoint(
  context: AttemptContext,
  io: Io,
  next: Checkpoint,
): Promise<{ readonly replaced: Checkpoint | undefined } | 'superseded'> {
  const uri = pointerOf(context)
  let replaced: Checkpoint | undefined
  for (let attempt = 1; ; attempt++) {
    const found = await findCheckpoint(context, io)
    const age = found === undefined ? 1 : compareAge(next, found.checkpoint)
    if (age < 0) return 'superseded'
    // The answer to our own write was lost.
    if (age === 0) return { replaced }
    replaced = found?.checkpoint
    try {
      const ifGeneration = found?.generation ?? '0'
      await io(`Writing ${uri}`, () => context.objects.write(uri, JSON.stringify(next), { ifGeneration }))
      return { replaced }
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || attempt === tries) throw error
    }
  }
}

const compareAge = (left: Checkpoint, right: Checkpoint): number =>
  left.attempt - right.attempt || left.number - right.number

const pointerOf = ({ assignment: { root, job } }: AttemptContext): string => objectPaths.checkpoint(root, job)
