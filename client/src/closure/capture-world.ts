import { type Environment, readEnvironment } from './function-environment.ts'
import { FunctionForms } from './function-form.ts'
import type { FunctionObject } from './function-object.ts'
import { FunctionReader } from './function-reader.ts'
import { Inspector } from './inspector.ts'
import { whyUncopyable } from './object-class.ts'
import { PublicValues } from './public-values.ts'
import { RequiredModules } from './required-modules.ts'

/** What is known of this process, and costs too much to find out twice. */
export class CaptureWorld {
  readonly inspector = new Inspector()
  readonly reader = new FunctionReader(this.inspector)
  readonly forms = new FunctionForms()
  readonly publicValues = new PublicValues()
  readonly requiredModules = new RequiredModules()
  readonly #environments = new WeakMap<FunctionObject, Environment>()
  readonly #uncopyable = new WeakMap<FunctionObject, { readonly why: string | undefined }>()
  readonly #identities = new WeakMap<object, string>()
  readonly #nodes = new WeakMap<object, boolean>()
  readonly #made = new Map<string, number>()

  /** The variables of a function: but for imported ones, they are known not to change, so once is enough. */
  environmentOf(fn: FunctionObject, isCapturable: (value: unknown) => boolean): Environment {
    const known = this.#environments.get(fn)
    if (known !== undefined) return known
    const isNodes = (other: object) => this.isNodes(other)
    const read = readEnvironment(this.reader.read(fn), { isCapturable, isNodes })
    const environment = { ...read, form: this.forms.intern(read.form) }
    if (environment.isFinal) this.#environments.set(fn, environment)
    return environment
  }

  /** The function belongs to Node or to the language. */
  isNodes(fn: object): boolean {
    const known = this.#nodes.get(fn) ?? this.reader.isNodes(fn)
    this.#nodes.set(fn, known)
    return known
  }

  whyUncopyable(made: FunctionObject): string | undefined {
    const known = this.#uncopyable.get(made) ?? { why: whyUncopyable(made, this.reader) }
    this.#uncopyable.set(made, known)
    return known.why
  }

  /** A name for a function object that is the same in every run of the program: its place, and the how manieth it is. */
  identityOf(fn: object, place: string): string {
    const known = this.#identities.get(fn)
    if (known !== undefined) return known
    const count = (this.#made.get(place) ?? 0) + 1
    this.#made.set(place, count)
    const identity = `${place}#${count}`
    this.#identities.set(fn, identity)
    return identity
  }
}
