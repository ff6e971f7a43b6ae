import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export interface ServedImage {
  readonly archive: Buffer
  readonly architecture?: string
  /** Fixes the image's user. */
  readonly user?: string
  /** Makes two images of one archive differ. */
  readonly label?: string
}

/** A registry of images on this machine, to which the Docker engine talks as to any other; it can be told to misbehave. */
export class FakeRegistry {
  readonly #server: Server
  readonly #blobs = new Map<string, Buffer>()
  readonly #manifests = new Map<string, Buffer>()
  /** How often a manifest was asked for by its tag. */
  tagRequests = 0
  /** `user:password`, without which nothing is given out. */
  login: string | undefined
  /** Answers the next requests for manifests with these. */
  readonly failures: { status: number; code: string }[] = []
  host = ''

  constructor() {
    this.#server = createServer((request, response) => send(request, response, this.#answer(request)))
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the registry has no port')
    this.host = `127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Serves an image under a name and tag; its full name. */
  serve(name: string, tag: string, { archive, architecture = machine, user = '', label = '' }: ServedImage): string {
    const layer = gzipSync(archive)
    const config = Buffer.from(
      JSON.stringify({
        architecture,
        os: 'linux',
        config: { User: user, Labels: { label } },
        rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
      }),
    )
    for (const blob of [layer, config]) this.#blobs.set(digestOf(blob), blob)
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: described(config, 'application/vnd.docker.container.image.v1+json'),
        layers: [described(layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip')],
      }),
    )
    for (const reference of [tag, digestOf(manifest)]) this.#manifests.set(`${name}/${reference}`, manifest)
    return `${this.host}/${name}:${tag}`
  }

  #answer(request: IncomingMessage): Answer {
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? []
    if (!this.#isKnown(request)) return refusal(401, 'UNAUTHORIZED')
    if (kind === undefined) return { status: 200, headers: {}, body: Buffer.from('{}') }
    if (kind === 'blobs') return found(this.#blobs.get(reference), 'application/octet-stream')
    if (!reference.includes(':')) this.tagRequests++
    const failure = this.failures.shift()
    if (failure !== undefined) return refusal(failure.status, failure.code)
    return found(this.#manifests.get(`${name}/${reference}`), manifestType)
  }

  #isKnown({ headers }: IncomingMessage): boolean {
    const { login } = this
    return login === undefined || headers.authorization === `Basic ${Buffer.from(login).toString('base64')}`
  }
}

const machine = process.arch === 'x64' ? 'amd64' : process.arch

const described = (blob: Buffer, mediaType: string) => ({ mediaType, size: blob.byteLength, digest: digestOf(blob) })

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

function found(body: Buffer | undefined, type: string): Answer {
  if (body === undefined) return refusal(404, type === manifestType ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN')
  return { status: 200, headers: { 'content-type': type, 'docker-content-digest': digestOf(body) }, body }
}

function refusal(status: number, code: string): Answer {
  const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {}
  const errors = [{ code, message: code.toLowerCase().replaceAll('_', ' ') }]
  const body = Buffer.from(JSON.stringify({ errors }))
  return { status, headers: { 'content-type': 'application/json', ...challenge }, body }
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}
