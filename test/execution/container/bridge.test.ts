import { expect, test } from 'vitest'
import { type BridgeNetwork, bridgeOf } from '../../../client/src/execution/container/bridge.ts'

const networkOf = (config: BridgeNetwork['IPAM']['Config'][0]): BridgeNetwork => ({
  Options: { 'com.docker.network.bridge.name': 'docker0' },
  IPAM: { Config: [config] },
})

test.each([
  [{ Subnet: '172.17.0.0/16' }, '172.17.0.1'],
  [{ Subnet: '192.168.250.64/26' }, '192.168.250.65'],
  // As Container-Optimized OS starts its engine.
  [{ Subnet: '169.254.123.0/24', Gateway: '169.254.123.1' }, '169.254.123.1'],
  [{ Subnet: '10.0.0.0/8', Gateway: '10.255.0.9' }, '10.255.0.9'],
])('the address of a machine in the network %j is %s', (config, address) => {
  expect(bridgeOf(networkOf(config))).toEqual({ name: 'docker0', address })
})
