import { Place } from '../values/place.ts'

/** A captured variable: paths into its value begin with its name. */
export class VariablePlace extends Place {
  /** The function that uses it. */
  readonly user: string

  constructor(variable: string, user: string) {
    super(undefined, variable)
    this.user = user
  }
}

/** The captured variable that a place lies in; undefined: it lies in what was passed itself. */
export function variableAround(place: Place): VariablePlace | undefined {
  let root = place
  while (root.parent !== undefined) root = root.parent
  return root instanceof VariablePlace ? root : undefined
}
