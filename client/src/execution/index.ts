export type { AbortReason } from './attempt/abort-reason.ts'
export { AttemptFault } from './attempt/attempt-fault.ts'
export type { AttemptOptions } from './attempt/attempt-options.ts'
export { runAttempt } from './attempt/run-attempt.ts'
export { type Clock, systemClock } from './clock.ts'
export { unmountLeftovers } from './cloudfuse/mount-buckets.ts'
export { type Bridge, findBridge } from './container/bridge.ts'
export { connectDocker } from './container/connect-docker.ts'
export type { ContainerAccelerators } from './container/container-accelerators.ts'
export { ContainerSandbox, type ContainerSandboxOptions } from './container/container-sandbox.ts'
export { dockerLoginOf } from './container/docker-login.ts'
export { removeContainersOf } from './container/leftover-containers.ts'
export type { ImageAuth } from './container/pull-image.ts'
export { parseRunFlags } from './container/run-flags.ts'
export { runningAddressesOf } from './container/running-addresses.ts'
export { WorkerLogs } from './log/worker-logs.ts'
export { pickHostEnvironment } from './process/host-environment.ts'
export { killProcessesOf } from './process/kill-tree.ts'
export { ProcessSandbox, type ProcessSandboxOptions } from './process/process-sandbox.ts'
export { ChooseSandbox } from './sandbox/choose-sandbox.ts'
export { DiskWatch } from './sandbox/disk-watch.ts'
export type {
  Command,
  CommandEnd,
  FoundFile,
  FoundOutput,
  OpenOptions,
  Sandbox,
  StagedObject,
  Workspace,
} from './sandbox/sandbox.ts'
export type { UsageProbe, UsageReading } from './usage/usage-reading.ts'
export { UsageSampler } from './usage/usage-sampler.ts'
export { CommandRoom } from './worker/command-room.ts'
export type { WorkerEnd } from './worker/lease-asker.ts'
export { startWorker, type Worker, type WorkerLoad } from './worker/worker.ts'
export {
  type AttemptHooks,
  defaultTiming,
  type WorkerLog,
  type WorkerOptions,
  type WorkerTiming,
} from './worker/worker-options.ts'
export type { WorkerService } from './worker/worker-service.ts'
