import { z } from 'zod'
import type { GoogleApi } from '../google/google-api.ts'
import type { Terminal } from '../terminal.ts'

/**
 * Makes the identity that Google runs Pub/Sub under, which the module grants things to: in a fresh project it would be
 * there only some time after the first use. Who may not ask goes on, for the identity may well be there.
 */
export async function askForPubsubIdentity({ say }: Pick<Terminal, 'say'>, api: GoogleApi, project: string) {
  const path = `/v1beta1/projects/${project}/services/pubsub.googleapis.com:generateServiceIdentity`
  try {
    await api.call(z.unknown(), { service: 'serviceusage', method: 'POST', path })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    say(`Pub/Sub's own identity could not be asked for: ${words}. If Terraform does not find it, deploy again.`)
  }
}
