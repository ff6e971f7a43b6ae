import type { Instance } from '../../compute/compute-api.ts'

export type InstanceStatus = 'PROVISIONING' | 'RUNNING' | 'STOPPING' | 'TERMINATED'

/** An instance of the fake cloud. */
export interface FakeInstance {
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly machineType: string
  readonly isSpot: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly accelerator: { readonly type: string; readonly count: number } | undefined
  readonly diskGb: number
  readonly createdAt: number
  /** It is not listed before. */
  readonly listedAt: number
  status: InstanceStatus
  runningAt: number | undefined
}

/** Why an instance has gone. `off`: it switched itself off; its disk is left. */
export type Departure = 'deleted' | 'preempted' | 'expired' | 'off'

/** As Compute Engine tells of it. */
export const resourceOf = (project: string, instance: FakeInstance): Instance => {
  const zone = `https://www.googleapis.com/compute/v1/projects/${project}/zones/${instance.zone}`
  const { accelerator } = instance
  return {
    name: instance.name,
    zone,
    status: instance.status,
    machineType: `${zone}/machineTypes/${instance.machineType}`,
    creationTimestamp: new Date(instance.createdAt).toISOString(),
    labels: { ...instance.labels },
    scheduling: { provisioningModel: instance.isSpot ? 'SPOT' : 'STANDARD' },
    disks: [{ diskSizeGb: instance.diskGb }],
    ...(accelerator !== undefined && {
      guestAccelerators: [
        { acceleratorType: `${zone}/acceleratorTypes/${accelerator.type}`, acceleratorCount: accelerator.count },
      ],
    }),
  }
}
