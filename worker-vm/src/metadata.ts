import { z } from 'zod'
import { TokenCache } from './token-cache.ts'

const accessTokenSchema = z.object({ access_token: z.string(), expires_in: z.number() })

/** Identity tokens last an hour. */
const identityLifeMs = 60 * 60_000
const timeoutMs = 10_000

/**
 * The machine's metadata server.
 * https://cloud.google.com/compute/docs/metadata/overview (2026-11)
 */
export class Metadata {
  readonly #url: string
  readonly #tokens = new TokenCache()

  constructor(url: string) {
    this.#url = `${url}/computeMetadata/v1`
  }

  /** Proves to a function at `audience` who this machine is. */
  async identityToken(audience: string): Promise<string> {
    const { token } = await this.#tokens.get(`identity ${audience}`, async () => {
      const query = new URLSearchParams({ audience, format: 'full' })
      const response = await this.#get(
        `/instance/service-accounts/default/identity?${query}`,
        AbortSignal.timeout(timeoutMs),
      )
      return { token: await response.text(), expiresAt: new Date(Date.now() + identityLifeMs) }
    })
    return token
  }

  async accessToken(): Promise<string> {
    const { token } = await this.#tokens.get('access', async () => {
      const response = await this.#get('/instance/service-accounts/default/token', AbortSignal.timeout(timeoutMs))
      const { access_token, expires_in: lifeSeconds } = accessTokenSchema.parse(await response.json())
      return { token: access_token, expiresAt: new Date(Date.now() + lifeSeconds * 1000) }
    })
    return token
  }

  async projectNumber(): Promise<string> {
    const response = await this.#get('/project/numeric-project-id', AbortSignal.timeout(timeoutMs))
    return response.text()
  }

  /** Answers when the machine is being taken away, or now and then with `false`. */
  async isPreempted(signal: AbortSignal): Promise<boolean> {
    const response = await this.#get('/instance/preempted?wait_for_change=true&timeout_sec=300', signal)
    return (await response.text()).trim() === 'TRUE'
  }

  async #get(path: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(this.#url + path, { headers: { 'Metadata-Flavor': 'Google' }, signal })
    if (!response.ok) throw new Error(`the metadata server answered ${response.status} to ${path}`)
    return response
  }
}
