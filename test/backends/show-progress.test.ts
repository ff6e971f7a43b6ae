import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { encodeShard, MemoryEventBus, MemoryStore, paths, systemClock } from 'graupel/engine'
import { newShardRecord } from 'graupel/kernel'
import { batchId, shardId } from 'graupel/model'
import { MemoryObjectStore } from 'graupel/storage'
import { expect, test } from 'vitest'
import { ObservedStore } from '../../client/src/backends/local/observed-store.ts'
import { showProgress } from '../../client/src/backends/progress/show-progress.ts'
import { compileSpec } from '../../client/src/submission/compile-spec.ts'
import { bashSpec } from './bash-spec.ts'

const batch = batchId('abcdefgh')

async function makeHome() {
  const store = new ObservedStore(new MemoryStore())
  const [chunk] = compileSpec(bashSpec([{ script: 'true' }, { script: 'true' }]), {}).chunks
  if (chunk === undefined) throw new Error('the spec has no chunk')
  const lanes = { count: 1, deployed: 1 }
  const place = { batch, user: 'u', root: 'memory:///b', lanes, planHash: 'h', projection: 'none' as const }
  const document = encodeShard(newShardRecord(place, chunk, 0))
  await store.commit([{ kind: 'set', path: paths.shard(batch, shardId(0)), document, expect: 'absent' }])
  const objects = new MemoryObjectStore()
  const bus = new MemoryEventBus()
  const rest = { user: 'u', deployedLanes: 1, logPollMs: 1, rootOf: () => 'memory:///b' }
  return { store, changes: store, objects, bus, clock: systemClock, ...rest }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('progress leaves its last picture on a terminal, and a line elsewhere', async () => {
  for (const isTTY of [true, false]) {
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 })
    const stop = showProgress(await makeHome(), batch, 'sort', stream)
    await settle()
    stop()
    stream.end()
    expect(await text(stream)).toContain(isTTY ? '0/2' : 'sort (abcdefgh): 2 pending after 0 s')
  }
})
