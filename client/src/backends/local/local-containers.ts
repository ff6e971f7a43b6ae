import { spawnSync } from 'node:child_process'
import { ContainerSandbox, type ContainerSandboxOptions, connectDocker, dockerLoginOf } from '../../execution/index.ts'

const cliTimeoutMs = 5_000

export interface LocalContainers {
  readonly sandbox: ContainerSandbox
  /** Removes what still runs, in the process's last moment. */
  killNow(): void
}

/** Containers on this machine. The client of Docker is loaded with the first job that has an image. */
export function makeLocalContainers(options: Omit<ContainerSandboxOptions, 'connect'>): LocalContainers {
  let isUsed = false
  const connect = () => {
    isUsed = true
    return connectDocker()
  }
  const sandbox = new ContainerSandbox({ authOf: (image) => dockerLoginOf(image), ...options, connect })
  return { sandbox, killNow: () => (isUsed ? removeContainersNow(options.agent) : undefined) }
}

/** Only what is synchronous still happens then, and that is Docker's own command. */
function removeContainersNow(agent: string): void {
  const run = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8', timeout: cliTimeoutMs }).stdout ?? ''
  const ids = run('ps', '--all', '--quiet', '--filter', `label=graupel.agent=${agent}`)
  const left = ids.split('\n').filter((id) => id !== '')
  if (left.length > 0) run('rm', '--force', '--volumes', ...left)
}
