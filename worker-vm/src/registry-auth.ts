import { dockerLoginOf, type ImageAuth } from 'graupel/execution'
import type { Metadata } from './metadata.ts'

/** Google's registries take this machine's access token as a password; to others its user may be logged in. */
const googleRegistry = /(^|\.)(gcr\.io|pkg\.dev)$/

export async function registryAuthOf(image: string, metadata: Metadata | undefined): Promise<ImageAuth | undefined> {
  const [host = ''] = image.split('/')
  if (metadata === undefined || !googleRegistry.test(host)) return dockerLoginOf(image)
  return { username: 'oauth2accesstoken', password: await metadata.accessToken(), serveraddress: `https://${host}` }
}
