import type { z } from 'zod'
import { ServiceError } from '../../errors/service-error.ts'

/** One call of a Google API in JSON over HTTP. */
export interface GoogleCall {
  /** The host's first word: `compute` is compute.googleapis.com. */
  readonly service: string
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
}

/** Google's APIs as the commands that set the service up need them. */
export interface GoogleApi {
  /** @throws ServiceError with Google's status and words */
  call<T>(schema: z.ZodType<T>, call: GoogleCall): Promise<T>
  /** Proves that somebody is logged in. @throws ServiceError */
  login(): Promise<void>
  /** What a registry of images takes for a password, for an hour. @throws ServiceError */
  accessToken(): Promise<string>
}

export interface GoogleApiOptions {
  /** Whose quota the calls use. */
  readonly project: string
  /** A server on this machine instead of Google's; services are its folders. It is sent no token. */
  readonly standInUrl?: string | undefined
}

const longestMs = 60_000
/** Of nobody: a server on this machine knows no logins. */
const standInToken = 'stand-in'

/** Google's APIs, in the name of whoever is logged in: application default credentials. */
export function connectGoogleApi({ project, standInUrl }: GoogleApiOptions): GoogleApi {
  const authorize = standInUrl === undefined ? makeAuthorization(project) : async () => new Headers()
  return {
    async login() {
      await authorize()
    },
    async accessToken() {
      const header = (await authorize()).get('Authorization')
      return header === null ? standInToken : header.replace(/^Bearer /, '')
    },
    async call(schema, call) {
      const headers = await authorize()
      const body = call.body === undefined ? null : JSON.stringify(call.body)
      if (body !== null) headers.set('Content-Type', 'application/json')
      const response = await send(addressOf(call, standInUrl), { method: call.method ?? 'GET', headers, body }, call)
      const text = await response.text()
      if (!response.ok) throw refusal(call, response.status, text)
      return schema.parse(text === '' ? {} : JSON.parse(text))
    },
  }
}

/** Pure. */
export function addressOf({ service, path, query = {} }: GoogleCall, standInUrl: string | undefined): URL {
  const url = new URL(
    standInUrl === undefined ? `https://${service}.googleapis.com${path}` : `${standInUrl}/${service}${path}`,
  )
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) url.searchParams.append(name, value)
  return url
}

async function send(url: URL, init: RequestInit, call: GoogleCall): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(longestMs) })
  } catch (error) {
    throw new ServiceError({
      message: `${call.service}.googleapis.com cannot be reached: ${wordsOf(error)}; check the network`,
      cause: error,
    })
  }
}

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function refusal(call: GoogleCall, status: number, text: string): ServiceError {
  const words = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.slice(0, 200)
  return new ServiceError({
    message: `${call.service} refused ${call.method ?? 'GET'} ${call.path} (${status}): ${words}`,
    status,
  })
}

/** Loads Google's library when it is first needed: most commands never do. */
function makeAuthorization(project: string): () => Promise<Headers> {
  const load = async () => {
    const { GoogleAuth } = await import('google-auth-library')
    return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getClient()
  }
  let client: ReturnType<typeof load> | undefined
  return async () => {
    try {
      client ??= load()
      const headers = new Headers(await (await client).getRequestHeaders())
      // Without it a person's calls count for a project of Google's own, where most APIs are off.
      headers.set('x-goog-user-project', project)
      return headers
    } catch (error) {
      const message = `Nobody is logged in: ${wordsOf(error)}; run: gcloud auth application-default login`
      throw new ServiceError({ message, status: 401, cause: error })
    }
  }
}
