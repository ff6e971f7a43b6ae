import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf } from '@graupel/functions/emulator/free-port'
import { z } from 'zod'

export interface FakeIamCredentials {
  readonly url: string
  /** What was asked for, in order: `generateAccessToken email scopes` or `generateIdToken email audience`. */
  readonly asked: readonly string[]
  /** Tokens are good for no longer, from the next on. */
  shortenTo(seconds: number): void
  close(): Promise<void>
}

export interface Grant {
  /** The bearer token of who may make tokens. */
  readonly caller: string
  /** For whom. */
  readonly email: string
}

const longestSeconds = 3600
const pathPattern = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(\w+)$/
const lifetimeSchema = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10))
  .refine((seconds) => seconds > 0 && seconds <= longestSeconds)
const accessSchema = z.strictObject({
  scope: z.array(z.url()).min(1),
  lifetime: lifetimeSchema.default(longestSeconds),
})
const identitySchema = z.strictObject({ audience: z.string().min(1), includeEmail: z.boolean().default(false) })

interface Answer {
  readonly status: number
  readonly body: object
}

const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code: status, status: code, message } },
})

/** Google's IAM Credentials API, as far as it makes tokens of one account for one caller, with a count in each. */
export async function startFakeIamCredentials({ caller, email }: Grant): Promise<FakeIamCredentials> {
  const asked: string[] = []
  let lifeSeconds = longestSeconds
  const answer = (path: string, authorization: string | undefined, body: unknown): Answer => {
    const [, account, method] = pathPattern.exec(path) ?? []
    if (method !== 'generateAccessToken' && method !== 'generateIdToken') return refusal(404, 'NOT_FOUND', path)
    if (authorization !== `Bearer ${caller}`) return refusal(401, 'UNAUTHENTICATED', 'no valid credentials')
    if (account !== email) return refusal(403, 'PERMISSION_DENIED', `denied on ${account} (or it may not exist)`)
    return method === 'generateAccessToken' ? accessToken(body) : identityToken(body)
  }
  const accessToken = (body: unknown): Answer => {
    const { data } = accessSchema.safeParse(body)
    if (data === undefined) return refusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    asked.push(`generateAccessToken ${email} ${data.scope.join(' ')}`)
    const expireTime = new Date(Date.now() + Math.min(data.lifetime, lifeSeconds) * 1000).toISOString()
    return { status: 200, body: { accessToken: `access ${asked.length} of ${email}`, expireTime } }
  }
  const identityToken = (body: unknown): Answer => {
    const { data } = identitySchema.safeParse(body)
    if (data === undefined) return refusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    asked.push(`generateIdToken ${email} ${data.audience}`)
    const exp = Math.floor(Date.now() / 1000) + longestSeconds
    const claims = { aud: data.audience, exp, number: asked.length, ...(data.includeEmail && { email }) }
    return { status: 200, body: { token: ['header', encode(claims), 'signature'].join('.') } }
  }
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync<Buffer>(request)
    const { status, body } =
      request.method === 'POST'
        ? answer(request.url ?? '', request.headers.authorization, JSON.parse(Buffer.concat(chunks).toString()))
        : refusal(404, 'NOT_FOUND', request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    asked,
    shortenTo: (seconds) => {
      lifeSeconds = seconds
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const encode = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url')

/** What such an identity token says. */
export const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
