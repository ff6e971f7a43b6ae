import { userInfo } from 'node:os'

/**
 * Who the commands in containers are, or `undefined` for the image's own user. Only root can read and delete whatever
 * another user makes, so only root lets the image choose.
 */
export function commandUser(
  { uid, gid }: { readonly uid: number; readonly gid: number } = userInfo(),
): string | undefined {
  return uid === 0 ? undefined : `${uid}:${gid}`
}
