import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { digestOf, type ServedImage } from './served-image.ts'

/**
 * As much of a registry as pushes and pulls need, on loopback, in memory:
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md (2026-11)
 */
export class TinyRegistry {
  readonly #server: Server
  readonly #blobs = new Map<string, Buffer>()
  readonly #uploads = new Map<string, Buffer[]>()
  /** By `name:tag`, and by `name:digest`. */
  readonly manifests = new Map<string, { readonly content: Buffer; readonly type: string }>()
  /** Answers as a registry does that knows nobody here. */
  isClosed = false
  /** `user:password`, without which nothing is given out. */
  login: string | undefined
  /** With what it answers the next requests for manifests instead of giving them. */
  readonly failures: Refusal[] = []
  /** How often a manifest was asked for by its tag. */
  tagRequests = 0

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the registry has no port')
    return `127.0.0.1:${address.port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry')
    const [, name = '', kind, rest = ''] = /^\/v2\/(?:(.+)\/(blobs|manifests)\/(.*))?$/.exec(pathname) ?? []
    const content = await buffer(request)
    const refusal = this.#refusalOf(request, kind, rest)
    if (refusal !== undefined) return void refuse(refusal, response)
    if (kind === undefined) return void response.writeHead(200).end('{}')
    if (rest.startsWith('uploads/')) return this.#takeUpload(request.method, pathname, searchParams, content, response)
    if (kind === 'manifests' && request.method === 'PUT') {
      const manifest = { content, type: request.headers['content-type'] ?? '' }
      for (const reference of [rest, digestOf(content)]) this.manifests.set(`${name}:${reference}`, manifest)
      return void response.writeHead(201, { 'docker-content-digest': digestOf(content) }).end()
    }
    const blob = this.#blobs.get(rest)
    const found =
      kind === 'blobs'
        ? blob && { content: blob, type: 'application/octet-stream' }
        : this.manifests.get(`${name}:${rest}`)
    give(found, request.method, response)
  }

  /** Puts an image there without a push. */
  add(name: string, tag: string, { blobs, manifest }: ServedImage): void {
    for (const blob of blobs) this.#blobs.set(digestOf(blob), blob)
    for (const reference of [tag, digestOf(manifest.content)]) this.manifests.set(`${name}:${reference}`, manifest)
  }

  #refusalOf({ headers }: IncomingMessage, kind: string | undefined, rest: string): Refusal | undefined {
    const { login } = this
    if (this.isClosed) return { status: 403, code: 'DENIED' }
    if (login !== undefined && headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`)
      return { status: 401, code: 'UNAUTHORIZED' }
    if (kind !== 'manifests') return undefined
    if (!rest.includes(':')) this.tagRequests++
    return this.failures.shift()
  }

  /** POST opens, PATCH adds, PUT closes with the digest. */
  #takeUpload(
    method: string | undefined,
    path: string,
    query: URLSearchParams,
    content: Buffer,
    response: ServerResponse,
  ): void {
    const place = method === 'POST' ? `${path}${crypto.randomUUID()}` : path
    const parts = [...(this.#uploads.get(place) ?? []), content]
    this.#uploads.set(place, parts)
    const whole = Buffer.concat(parts)
    if (method !== 'PUT')
      return void response.writeHead(202, { location: place, range: `0-${Math.max(0, whole.length - 1)}` }).end()
    const digest = digestOf(whole)
    if (query.get('digest') !== digest) return void response.writeHead(400).end('the digest is another one')
    this.#blobs.set(digest, whole)
    response.writeHead(201, { 'docker-content-digest': digest }).end()
  }
}

interface Refusal {
  readonly status: number
  readonly code: string
}

function refuse({ status, code }: Refusal, response: ServerResponse): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {}
  response.writeHead(status, { 'content-type': 'application/json', ...challenge })
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replace('_', ' ') }] }))
}

function give(
  found: { readonly content: Buffer; readonly type: string } | undefined,
  method: string | undefined,
  response: ServerResponse,
): void {
  if (found === undefined) {
    refuse({ status: 404, code: 'MANIFEST_UNKNOWN' }, response)
    return
  }
  response.writeHead(200, {
    'content-type': found.type,
    'content-length': found.content.length,
    'docker-content-digest': digestOf(found.content),
  })
  response.end(method === 'HEAD' ? undefined : found.content)
}
