/** Asks the first time and gives that answer to all who ask later. */
export function once<C, T>(ask: (context: C) => Promise<T>): (context: C) => Promise<T> {
  let asked: Promise<T> | undefined
  return (context) => {
    asked ??= ask(context)
    return asked
  }
}
