/** Who a job is on Google Cloud, with tokens that are its own and last no longer than they must. */
export interface JobIdentity {
  readonly project: string
  /** The service account's name: `name@project.iam.gserviceaccount.com`. */
  readonly email: string
  readonly scopes: readonly string[]
  /** @param scopes what it is to be good for; all of the job's if empty */
  accessToken(scopes: readonly string[]): Promise<AccessToken>
  /** Proves to `audience` who the job is. */
  identityToken(audience: string): Promise<string>
}

export interface AccessToken {
  readonly token: string
  readonly expiresAt: Date
}

/** The job that has an address in the network of this machine's containers. Only it can send from there. */
export type IdentityOf = (address: string) => JobIdentity | undefined
