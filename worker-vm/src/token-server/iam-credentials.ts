import { z } from 'zod'
import type { Token } from '../token-cache.ts'

const accessTokenSchema = z.object({ accessToken: z.string().min(1), expireTime: z.coerce.date() })
const identityTokenSchema = z.object({ token: z.string().min(1) })

/** The longest that every project allows. */
const lifeSeconds = 3600
const timeoutMs = 10_000

export interface IamCredentialsOptions {
  /** Where the API is, without a path. */
  readonly url: string
  /** Of who may make tokens for the account: `iam.serviceAccounts.getAccessToken` and `…getOpenIdToken` on it. */
  readonly accessToken: () => Promise<string>
}

/**
 * Short-lived tokens of a service account, made for another that may.
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts (2026-11)
 */
export class IamCredentials {
  readonly #options: IamCredentialsOptions

  constructor(options: IamCredentialsOptions) {
    this.#options = options
  }

  async accessToken(email: string, scopes: readonly string[]): Promise<Token> {
    const answer = await this.#post(email, 'generateAccessToken', { scope: scopes, lifetime: `${lifeSeconds}s` })
    const { accessToken: token, expireTime: expiresAt } = accessTokenSchema.parse(answer)
    return { token, expiresAt }
  }

  async identityToken(email: string, audience: string): Promise<Token> {
    const asked = Date.now()
    const answer = await this.#post(email, 'generateIdToken', { audience, includeEmail: true })
    const { token } = identityTokenSchema.parse(answer)
    return { token, expiresAt: new Date(asked + lifeSeconds * 1000) }
  }

  async #post(email: string, method: string, body: object): Promise<unknown> {
    const { url, accessToken } = this.#options
    const response = await fetch(`${url}/v1/projects/-/serviceAccounts/${email}:${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await accessToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.ok) return response.json()
    const text = (await response.text()).slice(0, 500)
    throw new Error(`IAM Credentials answered ${response.status} to ${method} for ${email}: ${text}`)
  }
}
