import { join } from 'node:path'
import type { Assignment } from '../../model/index.ts'
import { attemptFolderOf } from '../sandbox/attempt-folder.ts'

/** One bucket that becomes a folder of this machine, which the job's container sees. */
export interface BucketMount {
  readonly bucket: string
  /** On this machine. */
  readonly place: string
  /** In the container. */
  readonly mountPoint: string
  readonly readOnly: boolean
  readonly mount: readonly [program: string, ...args: string[]]
  readonly unmount: readonly [program: string, ...args: string[]]
}

/**
 * How the buckets of a job are mounted. `mountsFolder` is no folder whose content anybody deletes: what lies below are
 * buckets. https://cloud.google.com/storage/docs/cloud-storage-fuse/cli-options (2026-11)
 */
export function planMounts(assignment: Assignment, mountsFolder: string, user: string): BucketMount[] {
  const folder = attemptFolderOf(mountsFolder, assignment)
  const payer = assignment.template.requesterPaysProject
  const [uid = '0', gid = '0'] = user.split(':')
  return (assignment.template.cloudfuse ?? []).map(({ bucket, mountPoint, readOnly }, index) => {
    const place = join(folder, String(index))
    const [name = '', ...folders] = bucket.replace(/^gs:\/\//, '').split('/')
    const onlyFolder = folders.filter((part) => part !== '').join('/')
    const options = [
      '--implicit-dirs',
      ...['-o', 'allow_other'],
      ...(readOnly ? ['-o', 'ro'] : []),
      ...['--uid', uid, '--gid', gid],
      ...(payer === undefined ? [] : ['--billing-project', payer]),
      ...(onlyFolder === '' ? [] : ['--only-dir', onlyFolder]),
    ]
    const mount = ['gcsfuse', ...options, '--', name, place] as const
    return { bucket, place, mountPoint, readOnly, mount, unmount: ['fusermount', '-u', '-z', place] as const }
  })
}
