import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerAccelerators } from 'graupel/execution'
import type { MachineFacts } from 'graupel/model'

/** Vendor and device of what Google sells, as PCI tells them. https://pci-ids.ucw.cz/read/PC/10de (2026-11) */
const nvidia = '0x10de'
const deviceNames: Readonly<Record<string, string>> = {
  '0x1eb8': 'nvidia-tesla-t4',
  '0x1bb3': 'nvidia-tesla-p4',
  '0x1db1': 'nvidia-tesla-v100',
  '0x15f8': 'nvidia-tesla-p100',
  '0x27b8': 'nvidia-l4',
  '0x20b0': 'nvidia-tesla-a100',
  '0x20b2': 'nvidia-a100-80gb',
}

/** Boot disks by their device: SCSI or NVMe. */
const bootDisks = ['sda', 'nvme0n1']
const sectorBytes = 512

/** What a machine is priced by, beside its type: nothing that its metadata tells. `system`: default `/sys`. */
export async function readHardware(system = '/sys'): Promise<Pick<MachineFacts, 'diskGb' | 'accelerator'>> {
  const [diskGb, accelerator] = await Promise.all([readDisk(system), readAccelerator(system)])
  return { ...(diskGb !== undefined && { diskGb }), ...(accelerator !== undefined && { accelerator }) }
}

async function readDisk(system: string): Promise<number | undefined> {
  for (const name of bootDisks) {
    const sectors = Number(await textOf(join(system, 'class/block', name, 'size')))
    if (sectors > 0) return Math.round((sectors * sectorBytes) / 2 ** 30)
  }
  return undefined
}

async function readAccelerator(system: string): Promise<MachineFacts['accelerator']> {
  const folder = join(system, 'bus/pci/devices')
  const devices = await readdir(folder).catch(() => [])
  const types = await Promise.all(devices.map((device) => acceleratorAt(join(folder, device))))
  const found = types.filter((type) => type !== undefined)
  const [type] = found
  return type === undefined ? undefined : { type, count: found.length }
}

async function acceleratorAt(device: string): Promise<string | undefined> {
  if ((await textOf(join(device, 'vendor'))) !== nvidia) return undefined
  return deviceNames[await textOf(join(device, 'device'))]
}

/** Empty for what is not there. */
const textOf = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim()

/** What containers are shown of the machine's accelerators. `devices`: default `/dev`. */
export async function readAccelerators(
  nvidiaFolder: string | undefined,
  devices = '/dev',
): Promise<ContainerAccelerators | undefined> {
  if (nvidiaFolder === undefined) return undefined
  const names = await readdir(devices)
  const shown = names.filter((name) => /^nvidia(\d+|ctl|-uvm|-uvm-tools|-modeset)$/.test(name)).sort()
  return { devices: shown.map((name) => join(devices, name)), driver: nvidiaFolder }
}
