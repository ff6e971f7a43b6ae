import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { type Clock, systemClock } from 'graupel/engine'
import { ZodError } from 'zod'
import { dispatchHttp } from './dispatch-http.ts'
import { GrpcStatusError } from './grpc-status-error.ts'
import { loadCloudTasksService } from './load-service.ts'
import { QueueRegistry } from './queue-registry.ts'
import { queueSchema } from './queue-settings.ts'
import { type Method, makeMethods } from './task-methods.ts'

export interface TaskServerOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Full names of queues to begin with, with the usual settings. Default none. */
  readonly queues?: readonly string[]
  /** When tasks are due and names are free again. Default: the machine's. */
  readonly clock?: Clock
}

export interface TaskServer {
  readonly port: number
  /** Drops all tasks, breaks dispatches off and closes all connections. */
  close(): Promise<void>
}

/**
 * Serves the gRPC interface of Cloud Tasks from memory, to the real client library, and dispatches HTTP tasks within their
 * queue's limits. A queue must be there before it is used.
 *
 * @example
 * const server = await startTaskServer({ port: 0 })
 * const client = new CloudTasksClient({
 *   projectId: 'local', servicePath: '127.0.0.1', port: server.port, sslCreds: credentials.createInsecure(),
 * })
 */
export async function startTaskServer(options: TaskServerOptions = {}): Promise<TaskServer> {
  const { port = 0, host = '127.0.0.1', clock = systemClock } = options
  const agents = { http: new Agent({ keepAlive: true }), https: new SecureAgent({ keepAlive: true }) }
  const queues = new QueueRegistry(clock, (queue, task) => dispatchHttp(agents, queue, task))
  for (const name of options.queues ?? []) queues.create(parentOf(name), queueSchema.parse({ name }))
  const server = new Server()
  const service = loadCloudTasksService()
  server.addService(service, implement(service, makeMethods(queues)))
  const boundPort = await bind(server, `${host}:${port}`)
  const close = async () => {
    server.forceShutdown()
    const closed = queues.close()
    for (const agent of Object.values(agents)) agent.destroy()
    await closed
  }
  return { port: boundPort, close }
}

function parentOf(queue: string): string {
  return queue.slice(0, queue.lastIndexOf('/queues/'))
}

/** Methods that are not here are answered as unimplemented by the library. */
function implement(
  service: ServiceDefinition,
  methods: Readonly<Record<string, Method>>,
): UntypedServiceImplementation {
  const implementation: UntypedServiceImplementation = {}
  for (const name of Object.keys(service)) {
    const method = methods[name.charAt(0).toLowerCase() + name.slice(1)]
    if (method !== undefined) implementation[name] = toCall(method)
  }
  return implementation
}

function toCall(method: Method): handleUnaryCall<unknown, object> {
  return async (call, answer) => {
    try {
      answer(null, await method(call.request))
    } catch (error) {
      answer({ code: codeOf(error), details: error instanceof Error ? error.message : String(error) })
    }
  }
}

function codeOf(error: unknown): number {
  if (error instanceof GrpcStatusError) return error.code
  return error instanceof ZodError ? status.INVALID_ARGUMENT : status.INTERNAL
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  })
}
