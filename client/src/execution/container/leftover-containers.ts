import type Docker from 'dockerode'

/** Tells whose a container is. */
export const agentLabel = 'graupel.agent'

/** Removes the containers that an agent of this name has left on this machine; how many. None if there is no Docker. */
export async function removeContainersOf(docker: Docker, agent: string): Promise<number> {
  const filters = { label: [`${agentLabel}=${agent}`] }
  const found = await docker.listContainers({ all: true, filters }).catch(() => [])
  await Promise.all(found.map(({ Id }) => removeContainer(docker.getContainer(Id))))
  return found.length
}

/** No error if it is gone or on its way. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: unknown) => {
    const status: unknown = Object(error).statusCode
    if (status !== 404 && status !== 409) throw error
  })
}
