import { expect, it } from 'vitest'
import { JobContainers } from '../../worker-vm/src/token-server/job-containers.ts'

/** Looks that the test answers one by one; pauses take no time. */
function bedOf() {
  const looks: PromiseWithResolvers<ReadonlySet<string>>[] = []
  let slept = 0
  const clock = {
    now: () => slept,
    sleep: async (ms: number) => {
      slept += ms
    },
  }
  const list = () => {
    const look = Promise.withResolvers<ReadonlySet<string>>()
    looks.push(look)
    return look.promise
  }
  return { looks, clock, list, sleptMs: () => slept }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('finds a container that the engine lists a moment after its program has asked', async () => {
  const { clock } = bedOf()
  const answers = [new Set<string>(), new Set(['10.0.0.2'])]
  const containers = new JobContainers({ clock, list: async () => answers.shift() ?? new Set() })
  expect(await containers.has('10.0.0.2')).toBe(true)
})

it('looks for an address that nobody has for a second and a half', async () => {
  const { clock, sleptMs } = bedOf()
  const containers = new JobContainers({ clock, list: async () => new Set(['10.0.0.2']) })
  expect(await containers.has('10.0.0.3')).toBe(false)
  expect(sleptMs()).toBe(1500)
})

it('forgets a container as soon as the engine does', async () => {
  const { clock } = bedOf()
  const answers = [new Set(['10.0.0.2'])]
  const containers = new JobContainers({ clock, list: async () => answers.shift() ?? new Set() })
  expect(await containers.has('10.0.0.2')).toBe(true)
  expect(await containers.has('10.0.0.2')).toBe(false)
})

it('looks once for all who asked before the look, and not at what an earlier look has seen', async () => {
  const { looks, clock, list } = bedOf()
  const containers = new JobContainers({ clock, list })
  const first = containers.has('10.0.0.2')
  await turn()
  const later = [containers.has('10.0.0.3'), containers.has('10.0.0.4')]
  await turn()
  expect(looks).toHaveLength(1)
  looks[0]?.resolve(new Set(['10.0.0.2']))
  expect(await first).toBe(true)
  await turn()
  expect(looks).toHaveLength(2)
  looks[1]?.resolve(new Set(['10.0.0.3', '10.0.0.4']))
  expect(await Promise.all(later)).toEqual([true, true])
})

it('tells those who asked that the engine does not answer, and asks it again for the next', async () => {
  const { looks, clock, list } = bedOf()
  const containers = new JobContainers({ clock, list })
  const failing = expect(containers.has('10.0.0.2')).rejects.toThrow('no engine')
  await turn()
  looks[0]?.reject(new Error('no engine'))
  await failing
  const next = containers.has('10.0.0.2')
  await turn()
  looks[1]?.resolve(new Set(['10.0.0.2']))
  expect(await next).toBe(true)
})
