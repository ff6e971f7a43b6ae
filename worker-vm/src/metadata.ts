import { z } from 'zod'

const accessTokenSchema = z.object({ access_token: z.string(), expires_in: z.number() })

/** A token is fetched again this long before it expires. */
const marginMs = 5 * 60_000
/** Identity tokens last an hour. */
const identityLifeMs = 60 * 60_000
const timeoutMs = 10_000

interface CachedToken {
  readonly token: string
  readonly expiresAt: number
}

/**
 * The machine's metadata server.
 * https://cloud.google.com/compute/docs/metadata/overview (2026-11)
 */
export class Metadata {
  readonly #url: string
  readonly #tokens = new Map<string, CachedToken>()

  constructor(url: string) {
    this.#url = `${url}/computeMetadata/v1/instance`
  }

  /** Proves to a function at `audience` who this machine is. */
  identityToken(audience: string): Promise<string> {
    return this.#cached(`identity ${audience}`, async () => {
      const query = new URLSearchParams({ audience, format: 'full' })
      const response = await this.#get(`/service-accounts/default/identity?${query}`, AbortSignal.timeout(timeoutMs))
      return { token: await response.text(), expiresAt: Date.now() + identityLifeMs }
    })
  }

  accessToken(): Promise<string> {
    return this.#cached('access', async () => {
      const response = await this.#get('/service-accounts/default/token', AbortSignal.timeout(timeoutMs))
      const { access_token: token, expires_in: lifeSeconds } = accessTokenSchema.parse(await response.json())
      return { token, expiresAt: Date.now() + lifeSeconds * 1000 }
    })
  }

  /** Answers when the machine is being taken away, or now and then with `false`. */
  async isPreempted(signal: AbortSignal): Promise<boolean> {
    const response = await this.#get('/preempted?wait_for_change=true&timeout_sec=300', signal)
    return (await response.text()).trim() === 'TRUE'
  }

  async #cached(key: string, fetchToken: () => Promise<CachedToken>): Promise<string> {
    const known = this.#tokens.get(key)
    if (known !== undefined && known.expiresAt - marginMs > Date.now()) return known.token
    const fetched = await fetchToken()
    this.#tokens.set(key, fetched)
    return fetched.token
  }

  async #get(path: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(this.#url + path, { headers: { 'Metadata-Flavor': 'Google' }, signal })
    if (!response.ok) throw new Error(`the metadata server answered ${response.status} to ${path}`)
    return response
  }
}
