import type { Manifest, Output } from '../../model/index.ts'
import type { Workspace } from '../sandbox/sandbox.ts'
import { isValueDestination } from './destinations.ts'
import type { FoundOutputs } from './find-outputs.ts'

/** A longer value costs more to read again with each manifest than an object of its own. */
const maxValueBytes = 8 * 1024

export interface SplitOutputs {
  readonly values: NonNullable<Manifest['values']>
  /** What is stored as files. */
  readonly files: FoundOutputs
}

/** Takes out small results of calls: the manifest holds them itself, which spares each call an object. */
export async function takeSmallValues(outputs: FoundOutputs, workspace: Workspace): Promise<SplitOutputs> {
  const values: Record<string, string> = {}
  for (const { output, found } of outputs.present) {
    if (found.kind !== 'file' || !isOnlyValue(output)) continue
    const text = await workspace.readText(output.path, maxValueBytes)
    if (text !== undefined) values[output.path] = text
  }
  const present = outputs.present.filter(({ output }) => !Object.hasOwn(values, output.path))
  return { values, files: { ...outputs, present } }
}

const isOnlyValue = ({ destinations }: Output) => destinations.length > 0 && destinations.every(isValueDestination)
