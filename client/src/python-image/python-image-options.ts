/**
 * What a Python image is made of.
 *
 * @example
 * ```ts
 * import { buildPythonImage, type PythonImageOptions } from 'graupel'
 *
 * const scientific: PythonImageOptions = { requirements: ['numpy==2.3.5', 'pandas'], pythonVersion: '3.13' }
 * await buildPythonImage('scientific:1', scientific)
 * ```
 */
export interface PythonImageOptions {
  /** Packages to install, each as `pip install` takes it. Default: none. */
  requirements?: readonly string[] | undefined
  /** As `'3.13'` or `'3.13.5'`. Default `'3.13'`. No effect beside `baseImage`. */
  pythonVersion?: string | undefined
  /** Without compilers and the like, so much smaller. Default true. No effect beside `baseImage`. */
  slim?: boolean | undefined
  /** The image to start from; its `python3` must have pip. Default: `python:<version>[-slim]` of Docker Hub. */
  baseImage?: string | undefined
  /** Prints on stderr what Docker says. Default false. */
  showDockerOutput?: boolean | undefined
}
