import type { BuildFailure } from 'esbuild'

/** Something cannot be bundled; says why, as the end of a sentence that begins with its name. */
export class BundleProblem extends Error {}

/** The bundler throws its failures alone; anything else is thrown on. */
export function bundleProblem(error: unknown): BundleProblem {
  const [first] = (error as Partial<BuildFailure>).errors ?? []
  if (first === undefined) throw error
  return new BundleProblem(`cannot be bundled: ${first.text}`, { cause: error })
}
