import type Docker from 'dockerode'

/** What a machine's containers are shown of its accelerators. Machines with some run one job at a time. */
export interface ContainerAccelerators {
  /** `/dev/nvidia0`, …: the same inside. */
  readonly devices: readonly string[]
  /** The folder of NVIDIA's driver on the machine, with `lib64` and `bin` in it. */
  readonly driver: string
}

/** Where images that NVIDIA has made look for its driver. */
const innerDriver = '/usr/local/nvidia'

export const deviceMappings = ({ devices }: ContainerAccelerators): Docker.DeviceMapping[] =>
  devices.map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' }))

export const driverMounts = ({ driver }: ContainerAccelerators): Docker.MountSettings[] =>
  ['lib64', 'bin'].map((folder) => ({
    Type: 'bind',
    Source: `${driver}/${folder}`,
    Target: `${innerDriver}/${folder}`,
    ReadOnly: true,
  }))
