/** Without a path of their own: the disk is full, or the file too long for it. */
const codesOfWriting: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']

/** Whether this machine's file system refused, and not the network. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('syscall' in error)) return false
  return 'path' in error || codesOfWriting.includes(Object(error).code)
}
