import type Docker from 'dockerode'
import { z } from 'zod'

/** The network that containers are in unless they ask for another. */
const bridgeNetwork = 'bridge'

/** https://docs.docker.com/reference/api/engine/, NetworkInspect (2026-11) */
const networkSchema = z.object({
  Options: z.object({ 'com.docker.network.bridge.name': z.string() }),
  IPAM: z.object({ Config: z.tuple([z.object({ Gateway: z.ipv4().optional(), Subnet: z.cidrv4() })], z.unknown()) }),
})
export type BridgeNetwork = z.infer<typeof networkSchema>

export interface Bridge {
  /** Of the network interface. */
  readonly name: string
  /** This machine's own in that network. */
  readonly address: string
}

/** Where containers and their machine meet. */
export async function findBridge(docker: Docker): Promise<Bridge> {
  return bridgeOf(networkSchema.parse(await docker.getNetwork(bridgeNetwork).inspect()))
}

/** An engine that has made the network itself names no gateway until it starts again: it has taken the first address. */
export function bridgeOf({ Options, IPAM: { Config } }: BridgeNetwork): Bridge {
  const [{ Gateway, Subnet }] = Config
  return { name: Options['com.docker.network.bridge.name'], address: Gateway ?? firstAddressOf(Subnet) }
}

function firstAddressOf(subnet: string): string {
  const [address = '', bits = '32'] = subnet.split('/')
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(number / size) * size + 1
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')
}
