import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf } from '@graupel/functions/emulator/free-port'

export interface FakeMetadata {
  readonly url: string
  /** Paths that were asked for and are not there, or without the header. */
  readonly refused: readonly string[]
  /** The next so many requests are answered with 503. */
  failNext(count: number): void
  close(): Promise<void>
}

const prefix = '/computeMetadata/v1/instance/'

/** What a machine's metadata server says of the machine, and nothing else. */
export async function startFakeMetadata(values: Readonly<Record<string, string>>): Promise<FakeMetadata> {
  const refused: string[] = []
  let failures = 0
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(prefix, '')
    const value = request.headers['metadata-flavor'] === 'Google' ? values[path] : undefined
    if (value === undefined) refused.push(path)
    const status = failures > 0 ? 503 : value === undefined ? 404 : 200
    if (failures > 0) failures -= 1
    response.writeHead(status, { 'Metadata-Flavor': 'Google' }).end(status === 200 ? value : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    refused,
    failNext: (count) => {
      failures = count
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
