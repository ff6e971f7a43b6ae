import { Place } from '../values/place.ts'

/** A captured variable: paths into its value begin with its name. */
export class VariablePlace extends Place {
  /** The function that uses it; undefined: the one that is captured. */
  readonly user: string | undefined

  constructor(variable: string, user: string | undefined) {
    super(undefined, variable)
    this.user = user
  }
}

/** The name of a function by which to tell it from the one that is captured; undefined: it is that one. */
export const userAt = (place: Place, name: string): string | undefined =>
  place.parent === undefined && !(place instanceof VariablePlace) ? undefined : name

/** The captured variable that a place lies in; undefined: it lies in what was passed itself. */
export function variableAround(place: Place): VariablePlace | undefined {
  let root = place
  while (root.parent !== undefined) root = root.parent
  return root instanceof VariablePlace ? root : undefined
}
