import type { ImageAuth } from 'graupel/execution'
import type { Metadata } from './metadata.ts'

/** Google's registries take this machine's access token as a password. */
const googleRegistry = /(^|\.)(gcr\.io|pkg\.dev)$/

export async function registryAuthOf(image: string, metadata: Metadata | undefined): Promise<ImageAuth | undefined> {
  const [host = ''] = image.split('/')
  if (metadata === undefined || !googleRegistry.test(host)) return undefined
  return { username: 'oauth2accesstoken', password: await metadata.accessToken(), serveraddress: `https://${host}` }
}
