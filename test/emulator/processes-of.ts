import { readdir, readFile, readlink } from 'node:fs/promises'

/** The command lines of processes that were told of this text in their environment, or work in such a folder. */
export async function processesOf(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(pids.map((pid) => describeIfOf(`/proc/${pid}`, text)))
  return found.filter((one) => one !== undefined)
}

async function describeIfOf(folder: string, text: string): Promise<string | undefined> {
  try {
    const [environment, workplace] = await Promise.all([
      readFile(`${folder}/environ`, 'utf8'),
      readlink(`${folder}/cwd`),
    ])
    if (!environment.includes(text) && !workplace.includes(text)) return undefined
    return (await readFile(`${folder}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
  } catch {
    // It has ended, or is somebody else's.
    return undefined
  }
}
