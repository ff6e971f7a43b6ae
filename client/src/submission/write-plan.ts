import pLimit from 'p-limit'
import { paths } from '../engine/paths.ts'
import type { Write } from '../engine/ports.ts'
import { chunkWrite, encodeAttached, shardWrite } from '../engine/records.ts'
import { newShardRecord, projectionFor } from '../kernel/index.ts'
import { objectPaths, shardId } from '../model/index.ts'
import { commitAbsent } from './commit-absent.ts'
import { packWrites } from './pack-writes.ts'
import type { SubmissionServices } from './submission-services.ts'
import type { Reservation } from './submit-request.ts'

const uploadsAtOnce = 32
const commitsAtOnce = 4

/** Writes everything that the jobs are, and nothing that lets them begin. May be repeated. */
export async function writePlan(services: SubmissionServices, reservation: Reservation): Promise<void> {
  await writeDetails(services, reservation)
  const limit = pLimit(commitsAtOnce)
  await limit.map(packWrites(writesOf(services, reservation)), (writes) => commitAbsent(services, writes))
}

async function writeDetails({ objects }: SubmissionServices, { compiled, record }: Reservation): Promise<void> {
  const limit = pLimit(uploadsAtOnce)
  await limit.map(compiled.details, ([name, text]) => objects.write(objectPaths.detail(record.root, name), text))
}

function* writesOf(services: SubmissionServices, { compiled, record, update }: Reservation): Generator<Write> {
  const { id, user, root, lanes } = record
  const projection = projectionFor(compiled.jobs)
  const batch = { batch: id, user, root, lanes, planHash: compiled.planHash, projection }
  const at = services.clock.now()
  for (const chunk of compiled.chunks) {
    yield chunkWrite(id, compiled.planHash, chunk)
    // Only if absent: the shards of an earlier try may be running by now.
    yield shardWrite(newShardRecord(batch, chunk, at), 'absent')
  }
  for (const { shard, outPorts } of compiled.attached)
    yield {
      kind: 'set',
      path: paths.attached(id, shardId(shard), update.number),
      document: encodeAttached({ update: update.number, outPorts: [...outPorts] }),
      expect: 'any',
    }
}
