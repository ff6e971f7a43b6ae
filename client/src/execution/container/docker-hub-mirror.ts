import { dockerHub, registryOf } from './registry-of.ts'

/** Hosts that all mean Docker Hub, in the names of images. */
const hosts = /^(docker\.io|index\.docker\.io|registry-1\.docker\.io)\//

/**
 * Under which name an image is pulled where a mirror stands for Docker Hub; images of other registries have their own.
 * Pure.
 * @param mirror a repository of Artifact Registry; absent: Docker Hub itself
 * @example mirroredName('debian:12', 'us-docker.pkg.dev/p/hub') // 'us-docker.pkg.dev/p/hub/library/debian:12'
 */
export function mirroredName(image: string, mirror: string | undefined): string {
  if (mirror === undefined) return image
  const name = image.replace(hosts, '')
  // What has lost its host is of Docker Hub, whatever its next part looks like. An id is no name.
  if (image.startsWith('sha256:') || (name === image && registryOf(image) !== dockerHub)) return image
  return `${mirror}/${name.includes('/') ? name : `library/${name}`}`
}
