import type Docker from 'dockerode'
import { followProgress } from '../execution/container/follow-progress.ts'

/** What an image is built from, and as what. */
export interface ImageBuild {
  /** Name and tag. */
  readonly name: string
  /** Folder of the files. */
  readonly context: string
  /** Files of the folder that the engine is sent, the Dockerfile among them. */
  readonly files: readonly string[]
  /** As `linux/amd64`. Default: the engine's own. */
  readonly platform?: string | undefined
  /** Values of the Dockerfile's `ARG`s. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined
}

/**
 * Builds an image by a Docker engine, and prints what that says.
 *
 * @throws Error with the engine's words
 */
export async function buildImage(docker: Docker, build: ImageBuild, print: (text: string) => void): Promise<void> {
  const { name, context, files, platform, buildArgs } = build
  const answer = await docker.buildImage(
    { context, src: [...files] },
    {
      t: name,
      forcerm: true,
      ...(platform !== undefined && { platform }),
      ...(buildArgs !== undefined && { buildargs: buildArgs }),
    },
  )
  await followProgress(docker, answer, print)
}
