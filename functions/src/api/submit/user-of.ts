import { z } from 'zod'

const claimsSchema = z.object({ email: z.string().min(1) })

/** Who calls a service that nobody has to sign in to. */
const anybody = 'anybody'

/**
 * Whose batches these are: the e-mail address in the identity token. Google has checked the token before the function
 * is called, and takes its signature away; of two tokens it checks the one in `X-Serverless-Authorization`.
 */
export function userOf(headers: Pick<Headers, 'get'>): string {
  const authorization = headers.get('x-serverless-authorization') ?? headers.get('authorization')
  const [, payload] = /^bearer [^.]+\.([^.]+)\./i.exec(authorization ?? '') ?? []
  if (payload === undefined) return anybody
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).email
  } catch {
    return anybody
  }
}
