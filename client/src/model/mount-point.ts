/** A bucket mounted here would hide the job's own files, or the whole container. The path is an absolute one. */
export function hidesFiles(mountPoint: string): boolean {
  const names: string[] = []
  for (const name of mountPoint.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names.length === 0 || names[0] === 'io'
}
