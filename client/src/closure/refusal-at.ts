import { UnserializableFunctionError } from '../errors/unserializable-function-error.ts'
import type { Place } from '../values/place.ts'
import { UnencodableError } from '../values/unencodable-error.ts'
import type { CaptureOptions } from './capture-options.ts'
import { makeIt, Refusal } from './refusal.ts'
import { userAt, variableAround } from './variable-place.ts'

interface Told {
  /** Empty: what is captured itself. */
  readonly variable: string
  readonly problem: string
  readonly remedy: string
  /** The function that uses it, where that is not the captured one. */
  readonly user: string | undefined
  readonly cause: Error
}

/** The error that the user meets. */
function tell({ job, label }: CaptureOptions, told: Told): UnserializableFunctionError {
  const subject = job === undefined ? `${label[0]?.toUpperCase()}${label.slice(1)}` : `Job '${job}'`
  const verb = job === undefined ? 'cannot be taken into a job' : `cannot take ${label} along`
  const by = told.user === undefined ? '' : `, which ${told.user === '' ? 'an inner function' : `'${told.user}'`} uses,`
  const thing = told.variable === '' ? 'it' : `\`${told.variable}\``
  return new UnserializableFunctionError({
    message: `${subject} ${verb}: ${thing}${by} ${told.problem}; ${told.remedy}.`,
    variable: told.variable === '' ? label : told.variable,
    job,
    cause: told.cause,
  })
}

/** A refusal that was met at a place: it is about the value there, or about a variable of the function there. */
export function refusalAt(
  refusal: Refusal,
  value: object,
  place: Place,
  options: CaptureOptions,
): UnserializableFunctionError {
  const { problem, remedy } = refusal
  const isOfFunction = refusal.variable !== '' && typeof value === 'function'
  const variable = refusal.variable === '' ? `${place}` : refusal.variable
  const user = isOfFunction ? userAt(place, value.name) : variableAround(place)?.user
  return tell(options, { variable, problem, remedy, user, cause: refusal })
}

/** @throws UnserializableFunctionError for whatever `act` refuses */
export function refusing<T>(options: CaptureOptions, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof UnencodableError) {
      const { path, problem, place } = error
      const around = variableAround(place)
      const remedy = around === undefined ? 'pass plain data, or make it inside the function' : makeIt
      throw tell(options, { variable: path, problem, remedy, user: around?.user, cause: error })
    }
    if (error instanceof Refusal) throw tell(options, { ...error, user: undefined, cause: error })
    throw error
  }
}
