import type { Document, StoredDocument } from '../engine/ports.ts'
import type { SubmissionServices } from '../submission/submission-services.ts'

export type Unsubscribe = () => void

/** Tells of stored documents as they are now and whenever they change. After `onError` no more calls come. */
export interface Changes {
  /** `undefined` while there is no such document. */
  ofDocument(
    path: string,
    onChange: (document: Document | undefined) => void,
    onError: (error: Error) => void,
  ): Unsubscribe
  /** All documents of the collection first, then those that came or changed. */
  ofCollection(
    path: string,
    onChange: (changed: readonly Pick<StoredDocument, 'path' | 'document'>[]) => void,
    onError: (error: Error) => void,
  ): Unsubscribe
}

/** The place where batches live, as a client sees it: all that submitting, waiting and asking need. */
export interface Home extends SubmissionServices {
  readonly changes: Changes
  /** Pause between two looks at a log that is still written. */
  readonly logPollMs: number
}
