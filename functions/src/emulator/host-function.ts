import { once } from 'node:events'
import type { Server } from 'node:http'
import { type HttpFunction, http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import { portOf } from './free-port.ts'

/** A deployed function, seen from outside. */
export interface HostedFunction {
  /** `http://127.0.0.1:port` */
  readonly url: string
  close(): Promise<void>
}

/** Serves a function on a port of its own, through the same framework as in production. Default: any free port. */
export async function hostFunction(name: string, handler: HttpFunction, port = 0): Promise<HostedFunction> {
  http(name, handler)
  const server = getTestServer(name).listen(port, '127.0.0.1')
  // A worker keeps its connection between two requests that are up to a minute apart.
  server.keepAliveTimeout = 120_000
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => closeServer(server) }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
