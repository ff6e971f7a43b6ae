import { fileURLToPath } from 'node:url'
import type { JobSpec } from '../../compile/batch-spec.ts'

export interface WrittenFile {
  readonly output: string
  readonly place: string
}

/** The files of a job that leave the batch. Values that are kept for the program are none. */
export const writtenFiles = ({ detail }: JobSpec): WrittenFile[] =>
  detail.outputs.flatMap(({ name, destinations }) =>
    destinations.flatMap((uri) => (uri.startsWith('value:') ? [] : [{ output: name, place: placeOf(uri) }])),
  )

/** As people write it. */
export const placeOf = (uri: string): string => (uri.startsWith('file://') ? fileURLToPath(uri) : uri)
