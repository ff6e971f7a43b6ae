import { type Batch, graphOf } from '../dsl/batch.ts'

/** The shell of jobs whose commands any POSIX shell understands: images have this one more often than bash. */
export const mergeShell = (batch: Batch): string => graphOf(batch).options.defaults.shell ?? '/bin/sh'
