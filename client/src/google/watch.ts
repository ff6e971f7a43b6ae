import type { Firestore } from '@google-cloud/firestore'
import type { StoredDocument } from '../engine/ports.ts'
import { toStoredDocument } from './stored-values.ts'

export type Unsubscribe = () => void

/**
 * Calls `onChange` with the document now and after every change, `undefined` while there is none. After `onError` no
 * more calls come.
 * @example
 * const stop = watchDocument(firestore, paths.batch(id), (batch) => show(batch), (error) => fail(error))
 */
export function watchDocument(
  firestore: Firestore,
  path: string,
  onChange: (document: StoredDocument | undefined) => void,
  onError: (error: Error) => void,
): Unsubscribe {
  return firestore.doc(path).onSnapshot((snapshot) => onChange(toStoredDocument(snapshot)), onError)
}

/** Calls `onChange` with all documents of the collection first, and then with those that came or changed. */
export function watchCollection(
  firestore: Firestore,
  path: string,
  onChange: (changed: readonly StoredDocument[]) => void,
  onError: (error: Error) => void,
): Unsubscribe {
  return firestore.collection(path).onSnapshot((snapshot) => {
    const changed = snapshot.docChanges().filter((change) => change.type !== 'removed')
    onChange(changed.flatMap((change) => toStoredDocument(change.doc) ?? []))
  }, onError)
}
