import type { Environment } from '../../backends/service/service-configuration.ts'
import { connectGoogleApi, type GoogleApi } from './google-api.ts'

/** Google's APIs, or the server on this machine that `GRAUPEL_GOOGLE_API_URL` names. */
export function googleApiOf(env: Environment, project: string): GoogleApi {
  const standInUrl = env.GRAUPEL_GOOGLE_API_URL
  return connectGoogleApi({ project, standInUrl: standInUrl === '' ? undefined : standInUrl })
}
