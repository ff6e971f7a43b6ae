// One attempt that prints much, against a store that is slower than it: `node test/bench/log.ts [MiB] [MiB/s of the store]`.
// Tells what it took of this program's memory, as JSON. Default 5120 MiB, 200 MiB/s.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProcessSandbox, runAttempt, systemClock, WorkerLogs } from 'graupel/execution'
import { MemoryObjectStore } from 'graupel/storage'
import { assignmentOf } from '../execution/attempt-bed.ts'

const mebibyte = 2 ** 20
const printed = Number(process.argv[2] ?? 5120)
const speed = Number(process.argv[3] ?? 200)

/** Counts what it is given, and forgets it. */
class SlowStore extends MemoryObjectStore {
  objects = 0
  bytes = 0

  override async write(uri: string, body: Uint8Array | string) {
    await sleep((body.length / mebibyte / speed) * 1000)
    this.objects += 1
    this.bytes += body.length
    return { uri, sizeBytes: body.length, generation: '1', crc32c: '' }
  }
}

const scratch = await mkdtemp(join(tmpdir(), 'graupel-bench-'))
const objects = new SlowStore()
const sandbox = new ProcessSandbox({
  scratch,
  objects,
  clock: systemClock,
  agent: `bench-${process.pid}`,
  hostEnvironment: { PATH: '/usr/bin:/bin' },
})
const logs = new WorkerLogs({ objects, clock: systemClock })
const begunAt = performance.now()
const before = process.memoryUsage().rss
const end = await runAttempt(assignmentOf({ script: `head -c ${printed}M /dev/zero` }), {
  objects,
  sandbox,
  logs,
  clock: systemClock,
  signal: new AbortController().signal,
})
const seconds = (performance.now() - begunAt) / 1000
await sandbox.close()
await rm(scratch, { recursive: true, force: true })
console.log(
  JSON.stringify({
    cause: end.cause,
    printedMebibytes: printed,
    storedMebibytes: Math.round(objects.bytes / mebibyte),
    objects: objects.objects,
    seconds: Math.round(seconds * 10) / 10,
    rssBeforeMebibytes: Math.round(before / mebibyte),
    mostRssMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
