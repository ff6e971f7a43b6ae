import type { Cpu, Memory, Storage } from './amounts.ts'
import {
  checkAccelerator,
  checkCpu,
  checkMemory,
  checkRegions,
  checkStorage,
  checkText,
  type Refuse,
} from './check-settings.ts'
import { assertOpen, invalidJob, type JobDraft } from './job-draft.ts'
import type { Accelerator, Settings } from './settings.ts'

/** The setters that say what machine a job needs. Each returns the job, so that calls chain; a later one wins. */
export abstract class MachineSettings {
  readonly #draft: JobDraft

  constructor(draft: JobDraft) {
    this.#draft = draft
  }

  /** The settings to change. @throws InvalidBatchError if the job has been submitted */
  protected change(setting: string): { readonly settings: Settings; readonly refuse: Refuse } {
    assertOpen(this.#draft, setting)
    return { settings: this.#draft.settings, refuse: (message) => invalidJob(this.#draft, message) }
  }

  /**
   * Cores. Default: the batch's `defaultCpu`, else 1; `null` clears the batch's. More than 0, at most 416.
   *
   * @example `job.cpu(0.5)`, `job.cpu('500m')`
   * @throws InvalidBatchError if it is no such quantity, or the job has a `machineType`
   */
  cpu(cores: Cpu | null): this {
    const { settings, refuse } = this.change('cpu()')
    if (cores !== null) {
      checkCpu(cores, refuse)
      refuseBoth(settings.machineType, refuse)
    }
    settings.cpu = cores
    return this
  }

  /**
   * Memory in bytes, or `'lowmem'`, `'standard'`, `'highmem'` for 1, 3.75, 7 GiB per core. Default: the batch's
   * `defaultMemory`, else `'standard'`; `null` clears the batch's. At most 12 TiB.
   *
   * @example `job.memory('7.5Gi')`, `job.memory('highmem')`
   * @throws InvalidBatchError if it is no such quantity, or the job has a `machineType`
   */
  memory(memory: Memory | null): this {
    const { settings, refuse } = this.change('memory()')
    if (memory !== null) {
      checkMemory(memory, refuse)
      refuseBoth(settings.machineType, refuse)
    }
    settings.memory = memory
    return this
  }

  /**
   * Disk for the job's files, in bytes. Default: the batch's `defaultStorage`, else none beyond the machine's own;
   * `null` clears the batch's. At most 64 TiB.
   *
   * @example `job.storage('10Gi')`
   * @throws InvalidBatchError if it is no such quantity
   */
  storage(storage: Storage | null): this {
    const { settings, refuse } = this.change('storage()')
    if (storage !== null) checkStorage(storage, refuse)
    settings.storage = storage
    return this
  }

  /**
   * Whether a Spot machine will do: much cheaper, and it may be taken away, upon which the job starts again. Default:
   * the batch's `defaultSpot`, else true. No effect on this machine.
   *
   * @example `job.spot(false)`
   */
  spot(isSpot = true): this {
    this.change('spot()').settings.spot = isSpot
    return this
  }

  /**
   * Regions to run in, or `'any'`. Default: the batch's `defaultRegions`, else the backend's. No effect on this machine.
   *
   * @example `job.regions(['us-central1', 'us-east1'])`
   * @throws InvalidBatchError if there are none
   */
  regions(regions: readonly string[] | 'any'): this {
    const { settings, refuse } = this.change('regions()')
    checkRegions(regions, refuse)
    settings.regions = regions === 'any' ? 'any' : [...regions]
    return this
  }

  /**
   * A whole machine of this type, instead of `cpu` and `memory`: the job runs alone there and may use all of it. Default:
   * any that is large enough. No effect on this machine.
   *
   * @example `job.machineType('n2-highmem-8')`
   * @throws InvalidBatchError if the job has `cpu` or `memory` of its own, or accelerators that this type does not take
   */
  machineType(machineType: string): this {
    const { settings, refuse } = this.change('machineType()')
    checkText('machineType', machineType, refuse)
    if (isSet(settings.cpu) || isSet(settings.memory)) refuseBoth(machineType, refuse)
    if (settings.accelerator !== undefined) checkAccelerator(settings.accelerator, machineType, refuse)
    settings.machineType = machineType
    return this
  }

  /**
   * Accelerators that the machine must have. Default none; `count` 1. The job runs alone there, and may use all of its cores
   * and memory unless it asks for some. Types are `nvidia-tesla-t4`, `-p4`, `-v100` and `-p100`, `nvidia-l4`,
   * `nvidia-tesla-a100` and `nvidia-a100-80gb`. NVIDIA's driver is in the container's `/usr/local/nvidia`, where NVIDIA's
   * images look for it. Refused by `run` on this machine.
   *
   * @example `job.accelerator({ type: 'nvidia-l4', count: 2 })`
   * @throws InvalidBatchError if the count is not a whole number of at least 1, or no machine, or not the job's
   * `machineType`, has such accelerators
   */
  accelerator(accelerator: Accelerator): this {
    const { settings, refuse } = this.change('accelerator()')
    checkAccelerator(accelerator, settings.machineType, refuse)
    settings.accelerator = { ...accelerator }
    return this
  }
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null

function refuseBoth(machineType: string | undefined, refuse: Refuse): void {
  if (machineType === undefined) return
  throw refuse(`has both machineType '${machineType}' and cpu or memory; a machine type decides them: leave one out.`)
}
