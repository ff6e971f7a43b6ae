import { hidesFiles, type JobTemplate } from 'graupel/model'
import type { HailJob } from './hail-job.ts'
import type { RefuseJob } from './refuse.ts'

type Mounts = NonNullable<JobTemplate['cloudfuse']>

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/

/** Buckets that the job sees as folders; read-only unless it says otherwise. */
export function mountsOf({ cloudfuse }: HailJob, refuse: RefuseJob): Mounts {
  const mounts = (cloudfuse ?? []).map(({ bucket, mount_path: mountPoint, read_only: readOnly }) => {
    if (bucket.trim() === '' || control.test(bucket))
      throw refuse('has a cloudfuse without a bucket; name it in bucket')
    if (!mountPoint.startsWith('/') || control.test(mountPoint) || hidesFiles(mountPoint))
      throw refuse(
        `has the mount_path '${mountPoint}' in cloudfuse; write an absolute path outside /io, where its files are`,
      )
    return { bucket, mountPoint, readOnly: readOnly ?? true }
  })
  const twice = mounts.find(({ mountPoint }, index) => mounts.findIndex((one) => one.mountPoint === mountPoint) < index)
  if (twice !== undefined)
    throw refuse(`mounts two buckets at '${twice.mountPoint}' in cloudfuse; take another mount_path`)
  return mounts
}
