/** By the name under which `docker login` keeps it: https://docs.docker.com/reference/cli/docker/login/ (2026-11) */
export const dockerHub = 'https://index.docker.io/v1/'

/** The registry that an image's name says: its first part, if that looks like a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  const isHost = rest.length > 0 && /[.:A-Z]|^localhost$/.test(first)
  return isHost && hostOf(first) !== hostOf(dockerHub) ? first : dockerHub
}

/** People and programs write a registry in many ways, and Docker Hub has several names. */
export function hostOf(registry: string): string {
  const host = registry.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  return host === 'docker.io' || host === 'registry-1.docker.io' ? 'index.docker.io' : host
}
