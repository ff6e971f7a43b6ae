/** Where a value lies in the graph: a chain that is only written out for a message. */
export class Place {
  readonly parent: Place | undefined
  readonly step: string | number

  constructor(parent: Place | undefined, step: string | number) {
    this.parent = parent
    this.step = step
  }

  key(step: string | number): Place {
    return new Place(this, step)
  }

  toString(): string {
    const steps: string[] = []
    for (let place: Place | undefined = this; place !== undefined; place = place.parent) steps.push(place.write())
    return shorten(steps.reverse()).join('')
  }

  write(): string {
    if (typeof this.step === 'number') return `[${this.step}]`
    if (this.parent === undefined || isCall(this.step)) return this.step
    return isName(this.step) ? `.${this.step}` : `[${JSON.stringify(this.step)}]`
  }
}

const isName = (step: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step)

/** Steps into a Map or a Set are written as one would get there. */
const isCall = (step: string): boolean => /^\.(?:get|key|item)\(/.test(step)

const shownSteps = 8

/** A chain of a hundred thousand `.next` says no more than its ends. */
const shorten = (steps: readonly string[]): readonly string[] =>
  steps.length <= 2 * shownSteps ? steps : [...steps.slice(0, shownSteps), ' … ', ...steps.slice(-shownSteps)]
