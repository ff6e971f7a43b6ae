import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAccelerators, readHardware } from '../../worker-vm/src/hardware.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-hardware-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const device = (slot: number, vendor: string, name: string) => ({
  [`bus/pci/devices/${slot}/vendor`]: `${vendor}\n`,
  [`bus/pci/devices/${slot}/device`]: `${name}\n`,
})

test('a machine tells of its boot disk and its accelerators', async () => {
  const disks = { 'class/block/sda/size': '209715200\n', 'class/block/sda1/size': '1\n' }
  await write({ ...disks, ...device(0, '0x8086', '0x1eb8'), ...device(1, '0x10de', '0x27b8') })
  await write(device(2, '0x10de', '0x27b8'))
  expect(await readHardware(folder)).toEqual({ diskGb: 100, accelerator: { type: 'nvidia-l4', count: 2 } })
})

test('a machine without them tells of none', async () => {
  expect(await readHardware(folder)).toEqual({})
  await write({ 'class/block/nvme0n1/size': '2097152000\n', ...device(0, '0x10de', '0xffff') })
  expect(await readHardware(folder)).toEqual({ diskGb: 1000 })
})

test('containers are shown the devices of the driver that was installed, and no others', async () => {
  await write({ nvidia0: '', nvidia1: '', nvidiactl: '', 'nvidia-uvm': '', 'nvidia-caps/x': '', sda: '' })
  expect(await readAccelerators('/var/lib/nvidia', folder)).toEqual({
    driver: '/var/lib/nvidia',
    devices: ['nvidia-uvm', 'nvidia0', 'nvidia1', 'nvidiactl'].map((name) => join(folder, name)),
  })
  expect(await readAccelerators(undefined, folder)).toBeUndefined()
})
