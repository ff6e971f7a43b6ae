import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type Assignment, type LeaseReply, type LeaseRequest, leaseRequestSchema } from 'graupel/model'

/** Answers leases with the work it was given, and every renewal. */
export class FakeKernel {
  readonly work: Assignment[] = []
  readonly asked: LeaseRequest[] = []
  /** False: answers nothing any more, as if the wire were cut. */
  isReachable = true
  readonly #server: Server
  url = ''

  constructor() {
    this.#server = createServer((request, response) => {
      void readBody(request).then((body) => {
        if (!this.isReachable) return request.socket.destroy()
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(this.#answer(request.url ?? '', body)))
      })
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    this.url = `http://127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(path: string, body: unknown) {
    if (path.endsWith('/stops')) return { stops: [], retryAfterMs: 60_000 }
    if (!path.endsWith('/lease')) return { confirmed: [], stops: [], standing: 'active' }
    const request = leaseRequestSchema.parse(body)
    this.asked.push(request)
    const assignments = this.work.splice(0, request.maxJobs)
    const isLeft = request.isLeaving && assignments.length === 0
    const reply: LeaseReply = {
      request: request.request,
      assignments,
      confirmed: request.unconfirmed,
      stops: [],
      retryAfterMs: 50,
      standing: isLeft ? 'left' : 'active',
    }
    return reply
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}
