import { findBridge } from 'graupel/execution'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureRules, type Rule, removeRules } from '../../worker-vm/src/firewall.ts'
import { serveTokens, type TokenServer } from '../../worker-vm/src/token-server/serve-tokens.ts'
import { tokenRules } from '../../worker-vm/src/token-server/token-rules.ts'
import { ContainerBed } from './container-bed.ts'
import { OtherMachine, reasonToSkipNetwork } from './other-machine.ts'
import { docker, makeImage, removeImage } from './tiny-image.ts'

const image = `graupel-rules-${crypto.randomUUID()}`
const reason = await reasonToSkipNetwork()

describe.skipIf(reason !== undefined)('the token server', () => {
  let other: OtherMachine
  let bed: ContainerBed
  let server: TokenServer
  let url: string
  let rules: readonly Rule[]
  /** As on Container-Optimized OS, whose firewall lets little in. */
  let closed: readonly Rule[]

  beforeAll(async () => {
    await makeImage(image, ['sh', 'wget'])
    other = await OtherMachine.connect('169.254.78.78')
  })

  afterAll(async () => {
    await other.remove()
    await removeImage(image)
  })

  beforeEach(async () => {
    bed = await ContainerBed.make({ image })
    const bridge = await findBridge(docker)
    const callerAt = async () => ({ kind: 'stranger' }) as const
    server = await serveTokens({ callerAt, onFailure: () => undefined, address: bridge.address })
    url = `http://${bridge.address}:${server.port}/`
    rules = tokenRules(bridge, server.port)
    closed = [['-p', 'tcp', '--dport', String(server.port), '-j', 'REJECT']]
  })

  afterEach(async () => {
    await removeRules('INPUT', [...rules, ...closed])
    await server.close()
    await bed.close()
  })

  const fromContainer = async () => (await bed.run({ script: `wget -q -O - ${url}` })).cause
  const fromOther = () =>
    other.ask(`fetch('${url}').then((response) => response.text(), (error) => error.cause.code).then(console.log)`)

  it('is for containers of its machine alone, however open the machine is', async () => {
    expect(await fromOther()).toBe('computeMetadata/\n\n')
    await ensureRules('INPUT', rules)
    expect(await fromContainer()).toBe('success')
    expect(await fromOther()).toBe('ECONNREFUSED\n')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('is reached by containers of a machine that lets nothing in', async () => {
    await ensureRules('INPUT', closed)
    expect(await fromContainer()).toBe('failed')
    await ensureRules('INPUT', rules)
    expect(await fromContainer()).toBe('success')
    expect(await fromOther()).toBe('ECONNREFUSED\n')
  })
})
