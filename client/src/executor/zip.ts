import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

/** What gives one item after the other, perhaps waiting for each. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>

declare const itemsOfZip: unique symbol

let readIterables: (zipped: Zip<readonly unknown[]>) => readonly AnyIterable<unknown>[]

/**
 * Several iterables in step: made by `zip`, for functions of several arguments.
 *
 * @example `const pairs: Zip<[string, number]> = zip(['a', 'b'], [1, 2])`
 */
export class Zip<out A extends readonly unknown[]> {
  readonly #iterables: readonly AnyIterable<unknown>[]
  /** Only a type: the items are read when they are needed. */
  declare readonly [itemsOfZip]: A

  static {
    readIterables = (zipped) => zipped.#iterables
  }

  constructor(iterables: readonly AnyIterable<unknown>[]) {
    this.#iterables = iterables
  }
}

/**
 * Iterables in step, for `map` with a function of several arguments. They must have equally many items.
 *
 * @example `pool.map((word, times) => word.repeat(times), zip(['a', 'b'], [1, 2]))`
 */
export function zip<A extends unknown[]>(...iterables: { [I in keyof A]: AnyIterable<A[I]> }): Zip<A> {
  return new Zip<A>(iterables)
}

/** The arguments of one call after the other. @throws InvalidBatchError if one iterable ends before the others */
export async function* rowsOf(items: Zip<readonly unknown[]> | AnyIterable<unknown>): AsyncGenerator<unknown[]> {
  if (!(items instanceof Zip)) {
    for await (const item of items) yield [item]
    return
  }
  yield* inStep(readIterables(items).map(iteratorOf))
}

async function* inStep(iterators: readonly AnyIterator[]): AsyncGenerator<unknown[]> {
  try {
    for (let row = 0; iterators.length > 0; row++) {
      const results = await Promise.all(iterators.map((iterator) => iterator.next()))
      const ended = results.filter((result) => result.done === true).length
      if (ended === results.length) return
      if (ended > 0) throw unequal(results, row)
      yield results.map((result) => result.value)
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()))
  }
}

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>

const iteratorOf = (iterable: AnyIterable<unknown>): AnyIterator =>
  Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]()

function unequal(results: readonly IteratorResult<unknown>[], row: number): InvalidBatchError {
  const place = results.findIndex((result) => result.done === true) + 1
  const message = `zip: iterable ${place} ends after ${row} items, and others have more; give each equally many.`
  return new InvalidBatchError({ message })
}
