import { describe, expect, it } from 'vitest'
import { commandUser } from '../../../client/src/execution/container/command-user.ts'
import { pullFault } from '../../../client/src/execution/container/docker-faults.ts'

describe('what Docker says of a pull', () => {
  it.each<[string, string, RegExp]>([
    ['manifest for a/b:c not found: manifest unknown: manifest unknown', 'image', /does not exist in its registry/],
    [
      "pull access denied for a/b, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'image',
      /does not exist, or may not be pulled without credentials/,
    ],
    ['Head "https://r.example/v2/a/b/manifests/c": no basic auth credentials', 'image', /wants credentials/],
    ['unauthorized: authentication required', 'image', /wants credentials.*'docker login'/],
    ['denied: Permission "artifactregistry.repositories.downloadArtifacts" denied', 'image', /may not be pulled/],
    [
      'no matching manifest for linux/amd64 in the manifest list entries',
      'image',
      /not made for this machine's platform/,
    ],
    ['invalid reference format', 'image', /is not the name of an image/],
    ['toomanyrequests: You have reached your pull rate limit', 'infrastructure', /rate limit/],
    ['received unexpected HTTP status: 503 Service Unavailable', 'infrastructure', /503/],
    ['dial tcp: lookup r.example: no such host', 'infrastructure', /no such host/],
    ['net/http: TLS handshake timeout', 'infrastructure', /handshake/],
    ['something nobody has seen yet', 'infrastructure', /nobody/],
  ])('%s → %s', (said, cause, message) => {
    expect(pullFault('r.example/a/b:c', new Error(said))).toMatchObject({
      faultCause: cause,
      message: expect.stringMatching(message),
    })
  })

  it('is not confused by the name of the image', () => {
    const image = '127.0.0.1:5000/timeout/denied503:not-found'
    const fault = pullFault(image, new Error(`manifest for ${image} not found: manifest unknown`))
    expect(fault).toMatchObject({
      faultCause: 'image',
      message: expect.stringContaining(`The image ${image} does not`),
    })
  })
})

it('lets an image choose its user only where the agent is root', () => {
  expect(commandUser({ uid: 0, gid: 0 })).toBeUndefined()
  expect(commandUser({ uid: 1000, gid: 1001 })).toBe('1000:1001')
})
