/** Nothing is there: no such file, or a file where a folder of the path should be. */
export function isMissingFile(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')
}

export function isExistingFile(error: unknown): boolean {
  return hasCode(error, 'EEXIST')
}

/** Two folders on different devices, a file system without links, or an inode that has all the links it can have. */
export function isUnlinkable(error: unknown): boolean {
  return ['EXDEV', 'EMLINK', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].some((code) => hasCode(error, code))
}

export function hasCode(error: unknown, code: string | number): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
