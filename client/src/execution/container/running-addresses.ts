import type Docker from 'dockerode'
import { agentLabel } from './leftover-containers.ts'

/** The addresses of the containers that an agent of this name runs now. */
export async function runningAddressesOf(docker: Docker, agent: string): Promise<ReadonlySet<string>> {
  const found = await docker.listContainers({ filters: { label: [`${agentLabel}=${agent}`] } })
  const networks = found.flatMap(({ NetworkSettings }) => Object.values(NetworkSettings.Networks))
  return new Set(networks.map(({ IPAddress }) => IPAddress).filter((address) => address !== ''))
}
