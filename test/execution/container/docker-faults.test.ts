import { describe, expect, it } from 'vitest'
import { commandUser } from '../../../client/src/execution/container/command-user.ts'
import { pullFault, startFault, unknownHostFault } from '../../../client/src/execution/container/docker-faults.ts'

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

describe('a registry that nobody knows', () => {
  it('is taken for a mistake in the name, in the end', () => {
    const said = new Error('dial tcp: lookup r.example on 127.0.0.53:53: no such host')
    expect(unknownHostFault('r.example/a', said)).toMatchObject({
      faultCause: 'image',
      message: expect.stringMatching(/r\.example\/a is not found; check its name.*no such host/),
    })
    expect(unknownHostFault('r.example/a', new Error('lookup r.example: server misbehaving'))).toBeUndefined()
  })
})

describe('what Docker says of a start', () => {
  const oci = 'failed to create task for container: failed to create shim task: OCI runtime create failed'
  it.each<[string, number | undefined, string]>([
    ['No command specified', 400, 'image'],
    ['No such image: a:b', 404, 'image'],
    ['unable to find user nobody-here: no matching entries in passwd file', 500, 'image'],
    [`${oci}: runc create failed: chdir to cwd ("/x") set in config.json failed: permission denied`, 500, 'image'],
    [`${oci}: exec: "/bin/zsh": stat /bin/zsh: no such file or directory`, 400, 'shell'],
    ['exec /bin/zsh: exec format error', 400, 'shell'],
    ['error creating overlay mount: no space left on device', 500, 'infrastructure'],
    ['context deadline exceeded', 500, 'infrastructure'],
    ['socket hang up', undefined, 'infrastructure'],
    ['something nobody has seen yet', 500, 'infrastructure'],
    [`${oci}: runc create failed: cannot allocate memory`, 500, 'infrastructure'],
    [`${oci}: fork/exec /usr/bin/runc: no such file or directory`, 400, 'infrastructure'],
    ['Conflict. The container name "/x" is already in use', 409, 'infrastructure'],
  ])('%s (%s) → %s', (said, statusCode, cause) => {
    const error = Object.assign(new Error(said), { statusCode })
    expect(startFault('a:b', '/bin/zsh', error).faultCause).toBe(cause)
  })

  it('is not confused by the name of the image', () => {
    const image = 'socket/no-such-image:OCI'
    expect(startFault(image, '/bin/sh', new Error(`${image} is odd`)).faultCause).toBe('infrastructure')
  })
})

it('lets an image choose its user only where the agent is root', () => {
  expect(commandUser({ uid: 0, gid: 0 })).toBeUndefined()
  expect(commandUser({ uid: 1000, gid: 1001 })).toBe('1000:1001')
})
