import { parseRunFlags } from 'graupel/execution'
import { batchId, shardId } from 'graupel/model'
import { expect, it } from 'vitest'
import { containerRequest } from '../../../client/src/execution/container/container-request.ts'
import { template } from '../../engine/batch-fixtures.ts'

const batch = batchId('accelerated1')

const hostConfigOf = (accelerators?: { devices: string[]; driver: string }) =>
  containerRequest({
    assignment: {
      ...{ batch, shard: shardId(0), job: 1, attempt: 1, lane: 0, token: 't', root: 'gs://b/r', memoryBytes: 1e9 },
      template: template({}),
      detail: { object: 'd' },
    },
    command: { program: { kind: 'script', text: '', shell: '/bin/sh' }, env: {} } as never, // nothing of it is looked at
    words: ['/bin/sh'],
    image: 'i',
    folder: '/f',
    agent: 'a',
    accelerators,
    flags: parseRunFlags([]),
  }).HostConfig

it('a container is shown the accelerators of its machine, and the driver where images look for it', () => {
  const shown = hostConfigOf({ devices: ['/dev/nvidia0', '/dev/nvidiactl'], driver: '/var/lib/nvidia' })
  expect(shown?.Devices).toEqual(
    ['/dev/nvidia0', '/dev/nvidiactl'].map((path) => ({
      PathOnHost: path,
      PathInContainer: path,
      CgroupPermissions: 'rwm',
    })),
  )
  const mount = (name: string) => ({
    Type: 'bind',
    Source: `/var/lib/nvidia/${name}`,
    Target: `/usr/local/nvidia/${name}`,
    ReadOnly: true,
  })
  expect(shown?.Mounts).toEqual(expect.arrayContaining([mount('lib64'), mount('bin')]))
})

it('a container of another machine is shown none', () => {
  const shown = hostConfigOf()
  expect(shown).not.toHaveProperty('Devices')
  expect(JSON.stringify(shown)).not.toContain('nvidia')
})
