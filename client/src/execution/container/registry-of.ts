/** By the name under which `docker login` keeps it: https://docs.docker.com/reference/cli/docker/login/ (2026-11) */
export const dockerHub = 'https://index.docker.io/v1/'

/** The registry that an image's name says: its first part, if that looks like a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : dockerHub
}
