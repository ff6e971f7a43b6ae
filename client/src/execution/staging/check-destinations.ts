import type { JobDetail } from '../../model/index.ts'
import { cloudObjectOf, schemeOf } from '../../storage/index.ts'
import { AttemptFault, messageOf } from '../attempt/attempt-fault.ts'
import type { FoundOutput } from '../sandbox/sandbox.ts'
import { folderOf, isValueDestination, placeOf } from './destinations.ts'
import type { FoundOutputs } from './find-outputs.ts'

/**
 * The first file that Cloud Storage takes under no such name, before any is stored: the job has failed then, and no
 * other attempt would do better.
 */
export function faultOfDestinations(
  { outputs }: Pick<JobDetail, 'outputs'>,
  found: FoundOutputs,
): AttemptFault | undefined {
  const presentOf = new Map(found.present.map((one) => [one.output.path, one.found]))
  for (const { path, destinations } of outputs) {
    const present = presentOf.get(path)
    for (const destination of present === undefined ? [] : destinations.filter(isInCloud)) {
      const problem = placesOf(destination, present)
        .map(problemOf)
        .find((one) => one !== undefined)
      if (problem !== undefined) return unnameable(path, problem)
    }
  }
  return undefined
}

const isInCloud = (destination: string) => !isValueDestination(destination) && schemeOf(destination) === 'gs'

function placesOf(destination: string, found: FoundOutput | undefined): string[] {
  if (found === undefined) return []
  if (found.kind === 'file') return [destination]
  const folders = found.emptyFolders.map((folder) => `${folderOf(destination)}/${folder}/`)
  return [...found.files.map((file) => placeOf(destination, file)), ...folders]
}

function problemOf(uri: string): string | undefined {
  try {
    cloudObjectOf(uri)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

const unnameable = (path: string, problem: string) =>
  new AttemptFault('staging', `The output '${path}' cannot be copied: ${problem}`, { isLasting: true })
