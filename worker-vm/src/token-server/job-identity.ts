import type { Token } from '../token-cache.ts'

/** Who a job is on Google Cloud, with tokens that are its own and last no longer than they must. */
export interface JobIdentity {
  readonly project: string
  projectNumber(): Promise<string>
  /** The service account's name: `name@project.iam.gserviceaccount.com`. */
  readonly email: string
  readonly scopes: readonly string[]
  /** @param scopes what it is to be good for; all of the job's if empty */
  accessToken(scopes: readonly string[]): Promise<Token>
  /** Proves to `audience` who the job is. */
  identityToken(audience: string): Promise<string>
}

export type Caller =
  /** Without identity: this deployment's jobs have none. */
  { readonly kind: 'job'; readonly identity: JobIdentity | undefined } | { readonly kind: 'stranger' }

/** Who has an address in the network of this machine's containers, now. Only a job itself can send from its own. */
export type CallerAt = (address: string) => Promise<Caller>
