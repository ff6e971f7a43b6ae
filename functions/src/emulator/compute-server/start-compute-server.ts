import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { portOf } from '../free-port.ts'
import { ComputeError } from './compute-error.ts'
import type { ComputeWorld } from './compute-world.ts'
import { answerCall } from './routes.ts'
import { ServerFaults } from './server-faults.ts'

export interface ComputeServer {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly faults: ServerFaults
  /** Calls that were not understood, each with why. A test in which there is one has failed. */
  readonly unexpected: readonly string[]
  close(): Promise<void>
}

/** Serves the part of Compute Engine's REST interface that graupel uses, to the real client library. */
export async function startComputeServer(world: ComputeWorld, port = 0): Promise<ComputeServer> {
  const faults = new ServerFaults()
  const unexpected: string[] = []
  const server = createServer((request, response) => void serve({ world, faults, unexpected }, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { host: `127.0.0.1:${portOf(server)}`, faults, unexpected, close: () => close(server) }
}

interface State {
  readonly world: ComputeWorld
  readonly faults: ServerFaults
  readonly unexpected: string[]
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body: unknown = request.method === 'POST' ? await json(request) : undefined
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { call, act } = answerCall(state.world, request.method ?? 'GET', url, body)
    const isLost = state.faults.take(call, response)
    const answer = act()
    if (!isLost) send(response, 200, answer)
  } catch (error) {
    const { status, reason, message } =
      error instanceof ComputeError ? error : new ComputeError(500, 'backendError', String(error))
    if (reason === 'invalid' || status === 500 || status === 501)
      state.unexpected.push(`${request.method} ${request.url}: ${message}`)
    send(response, status, { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
