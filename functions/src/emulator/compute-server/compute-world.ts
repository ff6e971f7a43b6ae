import type { Instance, Operation, OperationError } from '../../compute/compute-api.ts'
import { checkAdviceRequest } from './advice-request.ts'
import { CallRates } from './call-rates.ts'
import { ComputeError, notFound, notUnderstood, tooManyRequests } from './compute-error.ts'
import { type Departure, type FakeInstance, resourceOf } from './fake-instance.ts'
import { type Insertion, parseInsertion } from './insertion.ts'
import { checkMachineTypes } from './machine-types.ts'
import { countsAgainst, type Placement, placeMachines } from './place-machines.ts'
import { rates, type WorldSettings } from './world-settings.ts'

interface BulkOperation {
  readonly name: string
  readonly requestId: string
  readonly region: string
  readonly doneAt: number
  readonly end: Pick<Operation, 'error' | 'httpErrorStatusCode' | 'instancesBulkInsertOperationMetadata'>
}

const operationsKept = 1000
const templateDiskGb = 100

/** Compute Engine as far as graupel knows it: zones that run dry, quotas, rates, names, and machines that come and go. */
export class ComputeWorld {
  settings: WorldSettings
  readonly rates: CallRates
  readonly #instances = new Map<string, FakeInstance>()
  readonly #operations = new Map<string, BulkOperation>()
  #made = 0

  constructor(settings: WorldSettings) {
    this.settings = settings
    this.rates = new CallRates(() => this.settings.now())
  }

  /** Machines that have not been removed, in whatever state. */
  get instances(): readonly FakeInstance[] {
    return [...this.#instances.values()]
  }

  bulkInsert(region: string, requestId: string, body: unknown): Operation {
    this.rates.count('bulkInsert')
    const known = [...this.#operations.values()].find((one) => one.requestId === requestId && one.region === region)
    if (known !== undefined) return this.#tell(known)
    const insertion = parseInsertion(body)
    this.#check(region, requestId, insertion)
    return this.#tell(this.#insert(region, requestId, insertion))
  }

  operation(region: string, name: string): Operation {
    this.rates.count('get')
    const operation = this.#operations.get(name)
    if (operation?.region !== region) throw notFound(`The operation ${name} in ${region}`)
    return this.#tell(operation)
  }

  /** @throws ComputeError 403 if the project is not given it */
  advise(region: string, body: unknown): object {
    checkAdviceRequest(body)
    const { adviceOn } = this.settings
    if (adviceOn === undefined)
      throw new ComputeError(403, 'forbidden', "Required 'compute.advice.capacity' permission")
    return { recommendations: [{ scores: adviceOn(region) }] }
  }

  /** All pages of it; whoever asks counts them. */
  get unreachable(): string[] {
    const { regions, isUnreachable = () => false } = this.settings
    return Object.values(regions).flat().filter(isUnreachable)
  }

  list(label: { readonly name: string; readonly value: string }): Instance[] {
    const now = this.settings.now()
    const dark = this.unreachable
    const found = this.instances.filter(
      ({ labels, listedAt, zone }) => labels[label.name] === label.value && listedAt <= now && !dark.includes(zone),
    )
    return found.map((instance) => resourceOf(this.settings.project, instance))
  }

  delete(zone: string, name: string): void {
    this.rates.count('delete')
    const instance = this.#instances.get(name)
    if (this.unreachable.includes(zone)) throw new ComputeError(503, 'backendError', `${zone} cannot be reached`)
    if (instance?.zone !== zone) throw notFound(`The instance ${name} in ${zone}`)
    if (instance.status !== 'STOPPING') this.#end(instance, 'deleted')
  }

  /** The cloud takes a Spot machine back. */
  preempt(name: string): void {
    const instance = this.#instances.get(name)
    if (instance?.status === 'RUNNING') this.#end(instance, 'preempted')
  }

  /** The machine switches itself off; somebody must delete what is left. */
  powerOff(name: string): void {
    const instance = this.#instances.get(name)
    if (instance?.status !== 'RUNNING') return
    instance.status = 'TERMINATED'
    this.settings.onEnded?.(instance, 'off')
  }

  #check(region: string, requestId: string, insertion: Insertion): void {
    const { template, subnet } = insertion
    const { regions, templates, project, timing } = this.settings
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(requestId))
      throw notUnderstood(`the requestId ${requestId} is no UUID`)
    if (regions[region] === undefined) throw notFound(`The region ${region}`)
    if (!Object.values(templates).includes(template)) throw notFound(`The template ${template}`)
    if (subnet !== `projects/${project}/regions/${region}/subnetworks/${this.settings.subnet}`)
      throw notFound(`The subnetwork ${subnet}`)
    checkMachineTypes(insertion, template === templates.spot)
    const now = this.settings.now()
    const inFlight = [...this.#operations.values()].filter((one) => one.region === region && one.doneAt > now)
    if (timing.operationMs > 0 && inFlight.length >= rates.bulkInFlight)
      throw tooManyRequests('bulk operations in flight')
  }

  #insert(region: string, requestId: string, insertion: Insertion): BulkOperation {
    const isSpot = insertion.template === this.settings.templates.spot
    const taken = insertion.names.filter((name) => this.#instances.has(name))
    const names = insertion.names.filter((name) => !this.#instances.has(name))
    const coresInUse = (quota: string) => this.#coresInUse(region, quota)
    const wanted = { region, names, machineTypes: insertion.machineTypes, isSpot, coresInUse }
    const placement = placeMachines(this.settings, wanted)
    if (placement.placed.length === 0 && placement.quota !== undefined && taken.length === 0)
      throw quotaExceeded(region, placement.quota)
    const isEnough = placement.placed.length + taken.length >= insertion.minCount
    if (isEnough) for (const one of placement.placed) this.#make({ ...one, region, isSpot }, insertion)
    const operation: BulkOperation = {
      name: `operation-${++this.#made}`,
      requestId,
      region,
      doneAt: this.settings.now() + this.settings.timing.operationMs,
      end: endOf(placement, { taken, isEnough, missing: names.length - placement.placed.length }),
    }
    this.#operations.set(operation.name, operation)
    for (const oldest of this.#operations.keys())
      if (this.#operations.size > operationsKept) this.#operations.delete(oldest)
    return operation
  }

  #coresInUse(region: string, quota: string): number {
    const own = this.instances.filter((instance) => instance.region === region && instance.status !== 'TERMINATED')
    return own.reduce((sum, { machineType, isSpot }) => sum + countsAgainst(quota, machineType, isSpot), 0)
  }

  #make(
    made: Pick<FakeInstance, 'name' | 'zone' | 'region' | 'machineType' | 'isSpot'>,
    { labels, maxRunMs, accelerator, diskGb = templateDiskGb }: Insertion,
  ): void {
    const { now, after, timing } = this.settings
    const times = { createdAt: now(), listedAt: now() + timing.listLagMs }
    const parts = { labels, accelerator, diskGb }
    const instance: FakeInstance = { ...made, ...parts, ...times, status: 'PROVISIONING', runningAt: undefined }
    this.#instances.set(instance.name, instance)
    after(timing.bootMs, () => {
      if (instance.status !== 'PROVISIONING') return
      instance.status = 'RUNNING'
      instance.runningAt = now()
      this.settings.onRunning?.(instance)
      after(maxRunMs, () => {
        if (instance.status === 'RUNNING') this.#end(instance, 'expired')
      })
    })
  }

  #end(instance: FakeInstance, how: Departure): void {
    const ran = instance.status === 'RUNNING'
    instance.status = 'STOPPING'
    if (ran) this.settings.onEnded?.(instance, how)
    this.settings.after(this.settings.timing.deleteMs, () => this.#instances.delete(instance.name))
  }

  #tell({ name, doneAt, end }: BulkOperation): Operation {
    const isDone = doneAt <= this.settings.now()
    return isDone ? { name, status: 'DONE', ...end } : { name, status: 'RUNNING' }
  }
}

const quotaExceeded = (region: string, { name, limit }: { name: string; limit: number }): ComputeError =>
  new ComputeError(403, 'quotaExceeded', `Quota '${name}' exceeded.  Limit: ${limit}.0 in region ${region}.`)

interface Outcome {
  readonly taken: readonly string[]
  readonly isEnough: boolean
  readonly missing: number
}

function endOf({ placed, dryZones, quota }: Placement, { taken, isEnough, missing }: Outcome): BulkOperation['end'] {
  const errors: OperationError[] = taken.map((name) => ({
    code: 'RESOURCE_ALREADY_EXISTS',
    message: `The resource 'instances/${name}' already exists`,
  }))
  if (quota !== undefined)
    errors.push({ code: 'QUOTA_EXCEEDED', message: `Quota '${quota.name}' exceeded.  Limit: ${quota.limit}.0` })
  else if (!isEnough) errors.push(...dryZones.map(exhausted))
  const status = Object.fromEntries(
    [...new Set([...dryZones, ...placed.map(({ zone }) => zone)])].map((zone) => [
      `zones/${zone}`,
      {
        createdVmCount: isEnough ? placed.filter((one) => one.zone === zone).length : 0,
        failedToCreateVmCount: dryZones.includes(zone) ? Math.ceil(missing / dryZones.length) : 0,
      },
    ]),
  )
  return {
    instancesBulkInsertOperationMetadata: { perLocationStatus: status },
    ...(errors.length > 0 && { error: { errors } }),
    ...(!isEnough && quota === undefined && { httpErrorStatusCode: 503 }),
  }
}

const exhausted = (zone: string): OperationError => ({
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
  message: `The zone '${zone}' does not have enough resources available to fulfill the request.`,
  location: `zones/${zone}`,
})
