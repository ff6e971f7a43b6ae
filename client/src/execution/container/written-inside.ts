import type Docker from 'dockerode'
import { z } from 'zod'

/** The client's declarations leave it out: https://docs.docker.com/reference/api/engine/, ContainerList (2026-11) */
const sizesSchema = z.tuple([z.object({ SizeRw: z.number().optional() })])

/** Bytes that the commands have written into the container itself, beside what is mounted. */
export async function writtenInside(docker: Docker, { id }: Docker.Container): Promise<number> {
  const [{ SizeRw = 0 }] = sizesSchema.parse(
    await docker.listContainers({ all: true, size: true, filters: { id: [id] } }),
  )
  return SizeRw
}
