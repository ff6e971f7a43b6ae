import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { BucketRegistry } from './bucket-registry.ts'
import type { ObjectServerState } from './exchange.ts'
import { sendError } from './google-error.ts'
import { ResumableUploads } from './resumable-uploads.ts'
import { matchRoute } from './routes.ts'

export interface ObjectServerOptions {
  /** Where buckets and objects lie; made if absent. One server at a time may use it. */
  readonly folder: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Buckets to make if they are not there. Default none. */
  readonly buckets?: readonly string[]
}

export interface ObjectServer {
  /** `http://host:port`, a value for `STORAGE_EMULATOR_HOST`. */
  readonly url: string
  /** Breaks connections off. What has been answered stays in the folder. */
  close(): Promise<void>
}

/**
 * Serves the JSON API of Cloud Storage from a folder, to the real client libraries. Preconditions are checked and acted on
 * in one step, an object appears whole or not at all, and a bucket must exist before it is written to.
 *
 * @example
 * const server = await startObjectServer({ folder: '/tmp/objects', buckets: ['graupel'] })
 * process.env.STORAGE_EMULATOR_HOST = server.url
 */
export async function startObjectServer(options: ObjectServerOptions): Promise<ObjectServer> {
  const { folder, port = 0, host = '127.0.0.1' } = options
  const buckets = await BucketRegistry.open(folder)
  for (const name of options.buckets ?? []) if (!buckets.has(name)) await buckets.create(name)
  const state = { buckets, uploads: new ResumableUploads() }
  const pending = new Set<Promise<void>>()
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const exchange = serve(state, request, response).finally(() => pending.delete(exchange))
    pending.add(exchange)
  })
  const url = `http://${host}:${await listen(server, port, host)}`
  return { url, close: () => close(server, state, pending) }
}

async function serve(state: ObjectServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { pathname, search } = splitUrl(request.url ?? '/')
    const origin = `http://${request.headers.host}`
    const { handle, parameters } = matchRoute(request.method ?? 'GET', pathname)
    await handle({ ...state, request, response, origin, query: new URLSearchParams(search), parameters })
  } catch (error) {
    sendError(response, error)
  }
}

/** Not `URL`, which rewrites dots and other parts of names. */
function splitUrl(url: string): { pathname: string; search: string } {
  const at = url.indexOf('?')
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at + 1) }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function close(server: Server, state: ObjectServerState, pending: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
  await Promise.allSettled(pending)
  await state.uploads.close()
  await state.buckets.close()
}
