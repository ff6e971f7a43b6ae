import { expect, it } from 'vitest'
import { mirroredName } from '../../../client/src/execution/container/docker-hub-mirror.ts'

const mirror = 'us-docker.pkg.dev/project/hub'

it.each([
  ['debian', `${mirror}/library/debian`],
  ['debian:12', `${mirror}/library/debian:12`],
  ['debian@sha256:00', `${mirror}/library/debian@sha256:00`],
  ['library/debian:12', `${mirror}/library/debian:12`],
  ['someone/tool:1.2', `${mirror}/someone/tool:1.2`],
  ['docker.io/debian', `${mirror}/library/debian`],
  ['docker.io/library/debian', `${mirror}/library/debian`],
  ['index.docker.io/some.one/tool', `${mirror}/some.one/tool`],
])('%s is pulled as %s', (image, name) => {
  expect(mirroredName(image, mirror)).toBe(name)
})

it.each([
  'quay.io/someone/tool:1',
  'us-docker.pkg.dev/project/hub/library/debian:12',
  'localhost/tool',
  '127.0.0.1:5000/tool',
  'sha256:0123',
])('%s is not of Docker Hub, and keeps its name', (image) => {
  expect(mirroredName(image, mirror)).toBe(image)
})

it('without a mirror every image keeps its name', () => {
  expect(mirroredName('docker.io/library/debian', undefined)).toBe('docker.io/library/debian')
})
