import { conditionNotMet, GoogleError, invalidRequest } from './google-error.ts'
import type { StoredObject } from './stored-object.ts'

/** What must hold of an object when a request takes effect. Generation 0: there is no such object. */
export interface Preconditions {
  readonly generation?: number | undefined
  readonly notGeneration?: number | undefined
  readonly metageneration?: number | undefined
  readonly notMetageneration?: number | undefined
}

/** `prefix` is `if`, or `ifSource` for the source of a copy. */
export function preconditionsOf(query: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Preconditions {
  return {
    generation: integerOf(query, `${prefix}GenerationMatch`),
    notGeneration: integerOf(query, `${prefix}GenerationNotMatch`),
    metageneration: integerOf(query, `${prefix}MetagenerationMatch`),
    notMetageneration: integerOf(query, `${prefix}MetagenerationNotMatch`),
  }
}

export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^\d+$/.test(text)) throw invalidRequest(`Invalid value for ${name}: ${text}`)
  return Number(text)
}

/** @throws GoogleError 412, or 304 for a read of what has not changed */
export function check(object: StoredObject | undefined, wanted: Preconditions, kind: 'read' | 'write'): void {
  const generation = object?.generation ?? 0
  if (wanted.generation !== undefined && wanted.generation !== generation) throw conditionNotMet()
  if (wanted.metageneration !== undefined && wanted.metageneration !== object?.metageneration) throw conditionNotMet()
  const isUnchanged =
    wanted.notGeneration === generation ||
    (wanted.notMetageneration !== undefined && wanted.notMetageneration === object?.metageneration)
  if (isUnchanged) throw kind === 'read' ? new GoogleError(304, 'notModified', 'Not Modified') : conditionNotMet()
}
