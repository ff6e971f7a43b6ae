import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type Docker from 'dockerode'
import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { lastLines } from '../errors/last-lines.ts'
import { ServiceError } from '../errors/service-error.ts'
import { isUnreachable } from '../execution/container/docker-faults.ts'
import { buildImage } from '../images/build-image.ts'
import type { ImageRecipe } from './image-recipe.ts'

/** @throws InvalidBatchError if pip cannot install a requirement, or there is no such base image */
export async function buildRecipe(
  connect: () => Promise<Docker>,
  recipe: ImageRecipe,
  print: (text: string) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-image-'))
  let output = ''
  try {
    await writeFile(join(folder, 'Dockerfile'), recipe.dockerfile)
    const build = { name: recipe.name, context: folder, files: ['Dockerfile'] }
    await buildImage(await connect(), build, (text) => {
      output += stripVTControlCharacters(text)
      print(text)
    })
  } catch (error) {
    throw describeFailure(recipe, output, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function describeFailure({ name, baseImage, requirements }: ImageRecipe, output: string, error: unknown): Error {
  const problem = error instanceof Error ? error.message : String(error)
  if (isUnreachable(error)) {
    const message = `The image '${name}' cannot be built: Docker cannot be reached (${problem}). Start Docker and see that 'docker info' works for this user.`
    return new ServiceError({ message, cause: error })
  }
  // Docker names the step before it takes it: before pip's, only the base image can be missing.
  if (!output.includes('RUN ["python3"')) {
    const message = `The image '${name}' cannot be built on ${baseImage}: ${problem}. Check that name, and this machine's access to its registry.`
    return new InvalidBatchError({ message, cause: error })
  }
  const message = `The image '${name}' cannot be built on ${baseImage}: pip cannot install ${requirements.join(', ')}. Its last lines:${lastLines(`${output.trimEnd()}\n${problem}`)}`
  return new InvalidBatchError({ message, cause: error })
}
