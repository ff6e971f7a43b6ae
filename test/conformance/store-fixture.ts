import type { Document, Revision, Store, Write } from 'graupel/engine'

/** A store that nobody else uses, new for each test. */
export type MakeStore = () => Promise<Store>

export const setDocument = (path: string, document: Document, expect: Revision | 'absent' | 'any'): Write => ({
  kind: 'set',
  path,
  document,
  expect,
})
