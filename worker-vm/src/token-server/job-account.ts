import type { Token } from '../token-cache.ts'
import { TokenCache } from '../token-cache.ts'
import type { IamCredentials } from './iam-credentials.ts'
import type { JobIdentity } from './job-identity.ts'

/** The scope is wide as Google advises; the account's grants are what limits it. */
const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform'

export interface JobAccountOptions {
  readonly project: string
  readonly projectNumber: () => Promise<string>
  readonly email: string
  readonly credentials: IamCredentials
}

/** The service account of a deployment's jobs: all jobs of a machine share it, and its tokens. */
export class JobAccount implements JobIdentity {
  readonly scopes = [cloudPlatform]
  readonly #options: JobAccountOptions
  readonly #tokens = new TokenCache()

  constructor(options: JobAccountOptions) {
    this.#options = options
  }

  get project(): string {
    return this.#options.project
  }

  get email(): string {
    return this.#options.email
  }

  projectNumber(): Promise<string> {
    return this.#options.projectNumber()
  }

  accessToken(scopes: readonly string[]): Promise<Token> {
    const wanted = scopes.length === 0 ? this.scopes : [...new Set(scopes)].sort()
    return this.#tokens.get(`access ${wanted.join(' ')}`, () =>
      this.#options.credentials.accessToken(this.email, wanted),
    )
  }

  async identityToken(audience: string): Promise<string> {
    const make = () => this.#options.credentials.identityToken(this.email, audience)
    return (await this.#tokens.get(`identity ${audience}`, make)).token
  }
}
