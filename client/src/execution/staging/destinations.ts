import {
  emptyFoldersOf,
  type JobDetail,
  type Manifest,
  type Output,
  objectPaths,
  type StoredFile,
  type StoredOutput,
} from '../../model/index.ts'
import { PreconditionFailedError, type WriteOptions } from '../../storage/index.ts'
import type { AttemptContext } from '../attempt/attempt-context.ts'
import { stagingFault } from '../attempt/retry-transient.ts'
import { inParallel } from './in-parallel.ts'

/** Generations of what lies at the destinations, by URI; what is not in it was not there. */
export type Generations = ReadonlyMap<string, string>

type Copy =
  | { readonly from: string; readonly to: string }
  /** Also an empty folder, which has a name that ends so. */
  | { readonly text: string; readonly to: string }

/**
 * Copies the winner's files to where the user wants them, over whatever is there. Done by whoever sees the manifest,
 * before success is reported: so success means that the destinations are written.
 */
export async function copyToDestinations(
  context: AttemptContext,
  detail: JobDetail,
  manifest: Manifest,
): Promise<void> {
  await inParallel(copiesOf(context, detail, manifest), async (copy) => {
    const what = `Copying to ${copy.to}`
    try {
      await context.lastIo(what, () => put(context, copy))
    } catch (error) {
      throw stagingFault(what, error)
    }
  })
}

/** Must be read before the commands begin: what is written later than this may be a success that stays. */
export async function readGenerations(context: AttemptContext, detail: JobDetail): Promise<Generations> {
  const generations = new Map<string, string>()
  if (!context.assignment.template.alwaysCopyOutput) return generations
  await inParallel(
    detail.outputs.flatMap((output) =>
      output.destinations.map((destination) => resolveDestination(context, destination)),
    ),
    async (destination) => {
      const what = `Looking at ${destination}`
      const look = <T>(operation: () => Promise<T>) =>
        context.io(what, operation).catch((error) => {
          throw stagingFault(what, error)
        })
      const file = await look(() => context.objects.stat(destination))
      if (file !== undefined) generations.set(destination, file.generation)
      const members = await look(() => Array.fromAsync(context.objects.list(`${folderOf(destination)}/`)))
      for (const member of members) generations.set(member.uri, member.generation)
    },
  )
  return generations
}

/** Copies what a failed attempt left, but never over anything that has come since its commands began. */
export async function copyFailedOutputs(
  context: AttemptContext,
  detail: JobDetail,
  outputs: Manifest['outputs'],
  before: Generations,
): Promise<void> {
  await inParallel(copiesOf(context, detail, { outputs }), async (copy) => {
    try {
      const ifGeneration = before.get(copy.to) ?? '0'
      await context.io(`Copying to ${copy.to}`, () => put(context, copy, { ifGeneration }))
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error
    }
  })
}

const put = ({ objects }: AttemptContext, copy: Copy, options?: WriteOptions) =>
  'from' in copy ? objects.copy(copy.from, copy.to, options) : objects.write(copy.to, copy.text, options)

type Left = Pick<Manifest, 'outputs' | 'values'>

function copiesOf(context: AttemptContext, detail: JobDetail, { outputs, values = {} }: Left): Copy[] {
  return detail.outputs.flatMap((output) => {
    const text = values[output.path]
    if (text !== undefined) return output.destinations.map((to) => ({ text, to: resolveDestination(context, to) }))
    const stored = outputs[output.path]
    return stored === undefined ? [] : copiesOfOutput(context, output, stored)
  })
}

const copiesOfOutput = (context: AttemptContext, output: Output, stored: StoredOutput): Copy[] =>
  output.destinations.flatMap((named) => {
    const destination = resolveDestination(context, named)
    const files = stored.files.map((file) => ({ from: file.uri, to: placeOf(destination, file) }))
    const folders = emptyFoldersOf(stored).map((folder) => ({ text: '', to: `${folderOf(destination)}/${folder}` }))
    return [...files, ...folders]
  })

const valuePrefix = 'value:'

/** Where a run keeps a result of a call. */
export const isValueDestination = (destination: string): boolean => destination.startsWith(valuePrefix)

/** Only the worker knows where the batch's objects lie and what number its job has. */
function resolveDestination({ assignment: { root, job } }: AttemptContext, destination: string): string {
  if (!isValueDestination(destination)) return destination
  return objectPaths.value(root, job, destination.slice(valuePrefix.length))
}

export const placeOf = (destination: string, file: Pick<StoredFile, 'path'>) =>
  file.path === '' ? destination : `${folderOf(destination)}/${file.path}`

export const folderOf = (destination: string) => destination.replace(/\/+$/, '')
