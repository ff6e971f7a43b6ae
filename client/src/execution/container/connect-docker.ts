import type Docker from 'dockerode'

/** The Docker engine that `DOCKER_HOST` names, or this machine's. Loaded when first needed: many programs never are. */
export async function connectDocker(): Promise<Docker> {
  const { default: Client } = await import('dockerode')
  return new Client()
}
