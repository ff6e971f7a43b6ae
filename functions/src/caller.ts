import { z } from 'zod'

/** https://cloud.google.com/compute/docs/instances/verifying-instance-identity#payload (2026-11) */
const claimsSchema = z.object({
  email: z.string().min(1),
  google: z
    .object({ compute_engine: z.object({ instance_name: z.string() }) })
    .optional()
    .catch(undefined),
})

/** Who calls a function, by the identity token of the request. */
export interface Caller {
  readonly email: string
  /** The machine that the token was made for, which no machine can have made for another. Absent: it is no machine's. */
  readonly machine: string | undefined
}

/**
 * The caller's claims; `undefined` without a token. Google has checked the token before the function is called, and takes
 * its signature away; of two tokens it checks the one in `X-Serverless-Authorization`.
 */
export function callerOf(header: (name: string) => string | null | undefined): Caller | undefined {
  const authorization = header('x-serverless-authorization') ?? header('authorization')
  const [, payload] = /^bearer [^.]+\.([^.]+)\./i.exec(authorization ?? '') ?? []
  if (payload === undefined) return undefined
  try {
    const { email, google } = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
    return { email, machine: google?.compute_engine.instance_name }
  } catch {
    return undefined
  }
}
