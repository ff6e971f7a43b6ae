import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { firstApis, neededApis } from '../../../client/src/cli/doctor/api-checks.ts'
import { deployPermissions } from '../../../client/src/cli/doctor/permission-checks.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
}

interface Exchange {
  /** `GET compute/compute/v1/…`: the service is the first folder. */
  readonly line: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}

const found = (body: unknown): Answer => ({ status: 200, body })
const forbidden: Answer = { status: 403, body: { error: { message: 'Missing or insufficient permissions.' } } }
const notFound = (what: string): Answer => ({ status: 404, body: { error: { message: `${what} was not found` } } })

/** Google's APIs as far as the commands use them, for one project in one region, over real HTTP. */
export class StandInGoogle {
  project = { name: 'projects/123456789012', state: 'ACTIVE' }
  hasBilling = true
  readonly permissions = new Set<string>(deployPermissions)
  readonly apis = new Set<string>([...firstApis, ...neededApis])
  readonly quotas = [
    { metric: 'CPUS', limit: 2400, usage: 100 },
    { metric: 'N2_CPUS', limit: 2400, usage: 0 },
    { metric: 'N2D_CPUS', limit: 2400, usage: 0 },
    { metric: 'INSTANCES', limit: 1000, usage: 0 },
    { metric: 'SSD_TOTAL_GB', limit: 40_000, usage: 0 },
  ]
  /** Of the project itself, over all regions. */
  readonly projectQuotas = [{ metric: 'CPUS_ALL_REGIONS', limit: 4800, usage: 100 }]
  /** Objects by name, by bucket. */
  readonly buckets = new Map<string, Map<string, unknown>>()
  /** What the permissions on single things are: by a part of the path. */
  readonly denied = new Set<string>()
  /** Lists by their path, such as `pubsub/v1/projects/p/topics`. */
  readonly lists = new Map<string, readonly object[]>()
  readonly liveBatches: { readonly id: string; readonly name: string }[] = []
  readonly machines: { readonly name: string; readonly zone: string; readonly status: string }[] = []
  /** Of the agent's image, whatever its tag. */
  imageDigest: string | undefined = 'sha256:0123456789abcdef'
  hasRepository = true
  /** Every call, in its order. */
  readonly calls: string[] = []
  #server: Server | undefined

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json' })
        response.end(body === undefined ? '' : JSON.stringify(body))
      })
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on a port has this address.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const path = decodeURIComponent(url.pathname.slice(1))
    const line = `${request.method} ${path}`
    this.calls.push(line)
    const body = await text(request)
    const exchange = { line, path, query: url.searchParams, body: body === '' ? undefined : JSON.parse(body) }
    return this.#aboutProject(exchange) ?? this.#aboutStorage(exchange) ?? this.#aboutService(exchange)
  }

  #aboutProject({ line, query }: Exchange): Answer | undefined {
    if (/^GET cloudresourcemanager\/v3\/projects\/[^:]+$/.test(line))
      return this.denied.has('project') ? forbidden : found(this.project)
    if (line.endsWith('/billingInfo')) return found({ billingEnabled: this.hasBilling })
    if (/^POST cloudresourcemanager\/.*:testIamPermissions$/.test(line))
      return found({ permissions: [...this.permissions] })
    if (line.endsWith(':generateServiceIdentity')) return this.denied.has('identities') ? forbidden : found({})
    if (line.includes('services:batchGet')) {
      const services = query.getAll('names').map((name) => ({
        name,
        state: this.apis.has(name.split('/').at(-1)?.replace('.googleapis.com', '') ?? '') ? 'ENABLED' : 'DISABLED',
      }))
      return found({ services })
    }
    return undefined
  }

  #aboutStorage({ line, path, query, body }: Exchange): Answer | undefined {
    if (line === 'POST storage/storage/v1/b') {
      // The body of a bucket's creation has its name: the command writes it.
      const { name } = body as { name: string }
      this.buckets.set(name, new Map())
      return found({ name })
    }
    if (line === 'GET storage/storage/v1/b') {
      const names = [...this.buckets.keys()].filter((name) => name.startsWith(query.get('prefix') ?? ''))
      return found({ items: names.map((name) => ({ name })) })
    }
    if (line.endsWith('/iam/testPermissions'))
      return found({ permissions: this.denied.has('files') ? [] : query.getAll('permissions') })
    const [, isUpload, bucket = '', object] =
      /^storage(\/upload)?\/storage\/v1\/b\/([^/]+)(?:\/o\/?(.*))?$/.exec(path) ?? []
    const objects = this.buckets.get(bucket)
    if (bucket === '') return undefined
    if (objects === undefined) return notFound(`bucket ${bucket}`)
    return isUpload === undefined ? this.#aboutObject(line, bucket, objects, object) : upload(objects, query, body)
  }

  #aboutObject(line: string, bucket: string, objects: Map<string, unknown>, object: string | undefined): Answer {
    if (object === undefined && line.startsWith('DELETE')) {
      if (objects.size > 0) return { status: 409, body: { error: { message: 'the bucket is not empty' } } }
      this.buckets.delete(bucket)
      return { status: 200, body: undefined }
    }
    if (object === undefined) return found({ name: bucket })
    if (object === '') return found({ items: [...objects.keys()].map((name) => ({ name, generation: '1' })) })
    if (!objects.has(object)) return notFound(object)
    if (line.startsWith('GET')) return found(objects.get(object))
    objects.delete(object)
    return { status: 200, body: undefined }
  }

  #aboutService({ line, path }: Exchange): Answer {
    if (/\/regions\/[a-z0-9-]+$/.test(path)) return found({ quotas: this.quotas })
    if (/^compute\/compute\/v1\/projects\/[^/]+$/.test(path)) return found({ quotas: this.projectQuotas })
    if (path.includes('/topics/') && path.endsWith(':testIamPermissions'))
      return found(this.denied.has('events') ? {} : { permissions: ['pubsub.topics.publish'] })
    if (path.endsWith('documents/batches')) return this.denied.has('documents') ? forbidden : found({})
    if (path.endsWith('documents:runQuery'))
      return found(
        this.liveBatches.map(({ id, name }) => ({
          document: { name: `projects/p/batches/${id}`, fields: { name: { stringValue: name } } },
        })),
      )
    if (path.endsWith('aggregated/instances'))
      return found({ items: { 'zones/a': { instances: this.machines }, 'zones/b': { warning: {} } } })
    if (line.startsWith('DELETE') && path.includes('/instances/')) {
      this.machines.splice(0, this.machines.length, ...this.machines.filter(({ name }) => !path.endsWith(`/${name}`)))
      return found({ name: 'operation' })
    }
    if (path.startsWith('artifactregistry/') && path.includes('-images')) return this.#aboutImage(path)
    const key = path.split('/').at(-1) ?? ''
    const names: Readonly<Record<string, string>> = {
      serviceAccounts: 'accounts',
      networks: 'items',
      instanceTemplates: 'items',
    }
    return found({ [names[key] ?? key]: this.lists.get(path) ?? [] })
  }

  #aboutImage(path: string): Answer {
    const [, tag] = /\/packages\/worker\/tags(?:\/(.+))?$/.exec(path) ?? []
    const version = `packages/worker/versions/${this.imageDigest}`
    if (path.endsWith('-images')) return this.hasRepository ? found({ name: path }) : notFound('the repository')
    if (this.imageDigest === undefined) return notFound('the image')
    return found(tag === undefined ? { tags: [{ name: 'tags/0123', version }] } : { name: `tags/${tag}`, version })
  }
}

function upload(objects: Map<string, unknown>, query: URLSearchParams, body: unknown): Answer {
  const name = query.get('name') ?? ''
  objects.set(name, body)
  return found({ name })
}
