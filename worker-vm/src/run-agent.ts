import { PubSub } from '@google-cloud/pubsub'
import { startWorker, systemClock, type WorkerEnd } from 'graupel/execution'
import { workerIdOn } from 'graupel/model'
import { Attempts } from './attempts.ts'
import { blockMetadata, isRealMetadata } from './block-metadata.ts'
import { clearLeftovers, removeScratch } from './clear-leftovers.ts'
import type { WorkerConfig } from './config.ts'
import { shareDisk } from './disk.ts'
import { readAccelerators, readHardware } from './hardware.ts'
import { makeLog } from './log.ts'
import { Metadata } from './metadata.ts'
import { nextNotice } from './notices.ts'
import { ServiceClient } from './service-client.ts'
import { serveJobs } from './token-server/serve-jobs.ts'

/** Works until there has been nothing to do for long, or the machine is taken away. */
export async function runAgent(
  config: WorkerConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<WorkerEnd> {
  const log = makeLog(config)
  const metadata = config.metadataUrl === undefined ? undefined : new Metadata(config.metadataUrl)
  if (config.metadataUrl !== undefined && isRealMetadata(config.metadataUrl)) await blockMetadata()
  await clearLeftovers(config)
  const { cacheBytes, storageBytes } = await shareDisk(config)
  const served = metadata === undefined ? undefined : await serveJobs(config, metadata, log)
  const jobEnvironment = served?.environment ?? {}
  const accelerators = await readAccelerators(config.nvidiaFolder)
  const attempts = new Attempts({ config, metadata, log, environment, jobEnvironment, cacheBytes, accelerators })
  const pubsub = new PubSub({ projectId: config.project })
  const worker = startWorker({
    id: workerIdOn(config.name, Date.now()),
    pool: config.pool,
    total: { cpuMillis: config.cpuMillis, memoryBytes: config.memoryBytes, storageBytes },
    maxJobs: config.maxJobs,
    machine: config.machine && { ...config.machine, ...(await readHardware()) },
    mustFit: config.mustFit,
    leavesWhenUnfit: true,
    service: new ServiceClient({ ...config, pubsub, metadata }),
    lanes: config.kernelUrls.length,
    runAttempt: (assignment, hooks) => attempts.run(assignment, hooks),
    clock: systemClock,
    timing: config.timing,
    log,
  })
  log.info({ pool: config.pool, lanes: config.kernelUrls.length }, 'the agent is at work')
  const ended = new AbortController()
  void nextNotice(metadata, ended.signal).then(() => worker.stop({ kind: 'preempted' }))
  const end = await worker.done
  ended.abort()
  await attempts.close()
  await served?.close()
  await pubsub.close()
  await removeScratch(config)
  log.info({ end }, 'the agent ends')
  return end
}
