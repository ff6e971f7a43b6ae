import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { type TokenAppOptions, tokenApp } from './token-app.ts'

export interface TokenServerOptions extends Pick<TokenAppOptions, 'callerAt' | 'onFailure'> {
  readonly address: string
  /** Default: any that is free. */
  readonly port?: number
}

export interface TokenServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves jobs their own tokens at an address of this machine that containers reach and nobody else does: that of their
 * bridge. A job is known by the address that it sends from; containers may not forge one, as they have no raw sockets.
 */
export async function serveTokens({ address, port = 0, ...options }: TokenServerOptions): Promise<TokenServer> {
  const app = tokenApp({ ...options, addressOf: (context) => plainAddress(getConnInfo(context).remote.address) })
  const server = createServer(getRequestListener(app.fetch))
  server.listen(port, address)
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the token server has no port')
  return {
    port: bound.port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** An address of the older kind may be written in the newer one. */
const plainAddress = (address: string | undefined) => address?.replace(/^::ffff:/, '')
