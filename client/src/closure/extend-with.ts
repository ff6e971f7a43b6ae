import { types } from 'node:util'
import type { Extend } from '../values/encoder.ts'
import { Place } from '../values/place.ts'
import type { CaptureOptions } from './capture-options.ts'
import type { CaptureRun } from './capture-run.ts'
import { passIt, Refusal } from './refusal.ts'
import { refusalAt } from './refusal-at.ts'
import { variableAround } from './variable-place.ts'

/** What a function captures has been made before the batch runs: it cannot be what a job makes. */
export class ResourceRefusal extends Refusal {}

/** How values are encoded that the encoding does not know: the caller's way for what is passed, then functions. */
export function extendWith(run: CaptureRun, options: CaptureOptions): Extend {
  return (value, place, encode) => {
    try {
      if (variableAround(place) !== undefined) refuseResource(value, options)
      else {
        const known = options.extend?.(value, `${place}`, (inner, path) => encode(inner, new Place(undefined, path)))
        if (known !== undefined) return known
      }
      return types.isProxy(value) ? undefined : run.extend(value, place, encode)
    } catch (error) {
      throw error instanceof Refusal ? refusalAt(error, value, place, options) : error
    }
  }
}

function refuseResource(value: object, { isResource }: CaptureOptions): void {
  if (isResource?.(value) !== true) return
  throw new ResourceRefusal({ variable: '', problem: 'is made by a job or given to the batch', remedy: passIt })
}
