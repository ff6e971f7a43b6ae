/** The kinds of errors that every program has. */
export const errorKinds: readonly { readonly name: string; readonly make: ErrorConstructor }[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  // Its first parameter is another one, which nobody here passes.
  AggregateError as unknown as ErrorConstructor,
].map((make) => ({ name: make.name, make }))
