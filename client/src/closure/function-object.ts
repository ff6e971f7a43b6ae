/** A function or class of the program, of whatever signature. */
export interface FunctionObject {
  readonly name: string
  readonly prototype?: unknown
}
