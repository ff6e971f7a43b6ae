/** Where on Google Cloud batches run. What is not given here comes from the environment, then from `graupel config`. */
export interface ServiceBackendOptions {
  /** The Google Cloud project. Default: `GRAUPEL_PROJECT`, then `GOOGLE_CLOUD_PROJECT`. */
  project?: string | undefined
  /** The Firestore database. Default: `GRAUPEL_DATABASE`, then `(default)`. */
  database?: string | undefined
  /** A bucket: short for `remoteTmpdir: 'gs://<bucket>/batches'`. Default: `GRAUPEL_BUCKET`. */
  bucket?: string | undefined
  /** Folder for the files of batches, `gs://bucket/folder`. Default: `GRAUPEL_REMOTE_TMPDIR`. */
  remoteTmpdir?: string | undefined
  /** Where jobs run that name no regions. Default: `GRAUPEL_REGIONS`, separated by commas; then as the service decides. */
  regions?: readonly string[] | 'any' | undefined
  /** Who pays for reading requester-pays buckets: a project, or one for some buckets only. Default: nobody. */
  gcsRequesterPaysConfiguration?: string | { readonly project: string; readonly buckets: readonly string[] } | undefined
  /** Buckets that may be read although their storage class is cold. Default: none. */
  gcsBucketAllowList?: readonly string[] | undefined
}
