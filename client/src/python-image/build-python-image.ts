import { connectDocker } from '../execution/container/connect-docker.ts'
import { buildRecipe } from './build-recipe.ts'
import { planPythonImage } from './image-recipe.ts'
import { pushAsUser } from './push-as-user.ts'
import type { PythonImageOptions } from './python-image-options.ts'

/**
 * Builds a container image with Python and packages, by this machine's Docker, and returns its name. A name with a `/`
 * is one of a registry, to which the image is pushed by `docker push`, with the logins of `docker login`. Python jobs
 * need no package of their own in it.
 *
 * @example
 * ```ts
 * import { Batch, buildPythonImage } from 'graupel'
 *
 * const image = await buildPythonImage('statistics:1', { requirements: ['numpy==2.3.5'] })
 * const batch = new Batch({ name: 'versions' })
 * batch.newJob({ name: 'version', image }).command`python3 -c 'import numpy; print(numpy.__version__)'`
 * await batch.run()
 * ```
 * @throws InvalidBatchError if the name or the version is not possible, there is no such base image, or pip cannot
 *   install a requirement: its last lines are in the message
 * @throws ServiceError if Docker cannot be reached, or the registry does not take the image
 */
export async function buildPythonImage(fullName: string, options: PythonImageOptions = {}): Promise<string> {
  const recipe = planPythonImage(fullName, options)
  const print = (text: string): void => {
    if (options.showDockerOutput === true) process.stderr.write(text)
  }
  await buildRecipe(connectDocker, recipe, print)
  if (recipe.isPushed) await pushAsUser(recipe.name, print)
  return recipe.name
}
