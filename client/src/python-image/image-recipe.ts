import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import { isImageName, isImageReference } from '../model/index.ts'
import type { PythonImageOptions } from './python-image-options.ts'

/** How an image is to be made. */
export interface ImageRecipe {
  readonly name: string
  readonly baseImage: string
  readonly requirements: readonly string[]
  readonly dockerfile: string
  /** Its name says of which registry it is: others are to find it there. */
  readonly isPushed: boolean
}

/** @throws InvalidBatchError naming what cannot be */
export function planPythonImage(name: string, options: PythonImageOptions): ImageRecipe {
  if (!isImageName(name))
    throw refuse(name, "is no name for an image; write small letters, as 'name:tag' or 'registry/folder/name:tag'.")
  const { requirements = [] } = options
  checkRequirements(name, requirements)
  const baseImage = baseOf(name, options)
  return {
    name,
    baseImage,
    requirements,
    dockerfile: [`FROM ${baseImage}`, ...installing(requirements), ''].join('\n'),
    isPushed: name.includes('/'),
  }
}

/** As a list of arguments: no shell is needed, and none misunderstands a requirement. */
function installing(requirements: readonly string[]): string[] {
  if (requirements.length === 0) return []
  return [`RUN ${JSON.stringify(['python3', '-m', 'pip', 'install', '--no-cache-dir', ...requirements])}`]
}

function baseOf(name: string, { baseImage, pythonVersion = '3.13', slim = true }: PythonImageOptions): string {
  if (baseImage !== undefined) {
    if (isImageReference(baseImage)) return baseImage
    throw refuse(name, `has the baseImage '${baseImage}', which names no image; write 'name:tag'.`)
  }
  if (typeof pythonVersion !== 'string' || !/^3\.\d+(?:\.\d+)?$/.test(pythonVersion))
    throw refuse(name, `has the pythonVersion ${show(pythonVersion)}; write a text such as '3.13' or '3.13.5'.`)
  return `python:${pythonVersion}${slim ? '-slim' : ''}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/

function checkRequirements(name: string, requirements: readonly string[]): void {
  if (!Array.isArray(requirements))
    throw refuse(name, `has the requirements ${show(requirements)}; write an array, such as ['numpy'].`)
  for (const requirement of requirements) {
    if (typeof requirement === 'string' && requirement.trim() !== '' && !control.test(requirement)) continue
    throw refuse(name, `has the requirement ${show(requirement)}; write one as pip takes it, such as 'numpy==2.3.5'.`)
  }
}

const show = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll(/\s/g, ' ')}'` : String(value)

const refuse = (name: unknown, message: string): InvalidBatchError =>
  new InvalidBatchError({ message: `buildPythonImage: ${show(name)} ${message}` })
