import { compareUtf8 } from './utf8-order.ts'

/** A set of names in the order of their UTF-8 bytes. Inserting moves the tail, which is cheap up to millions of names. */
export class SortedNames {
  readonly #names: string[]

  constructor(names: Iterable<string> = []) {
    this.#names = [...names].sort(compareUtf8)
  }

  add(name: string): void {
    const at = this.#firstNotBefore(name)
    if (this.#names[at] !== name) this.#names.splice(at, 0, name)
  }

  delete(name: string): void {
    const at = this.#firstNotBefore(name)
    if (this.#names[at] === name) this.#names.splice(at, 1)
  }

  /** The least name that is not before `name`. */
  notBefore(name: string): string | undefined {
    return this.#names[this.#firstNotBefore(name)]
  }

  /** The least name that comes after every name that begins with `prefix`, of those from `prefix` on. */
  afterPrefix(prefix: string): string | undefined {
    let low = this.#firstNotBefore(prefix)
    let high = this.#names.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#names[middle]?.startsWith(prefix)) low = middle + 1
      else high = middle
    }
    return this.#names[low]
  }

  /** The least name after `name`. */
  after(name: string): string | undefined {
    const at = this.#firstNotBefore(name)
    return this.#names[at] === name ? this.#names[at + 1] : this.#names[at]
  }

  #firstNotBefore(name: string): number {
    let low = 0
    let high = this.#names.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareUtf8(this.#names[middle] ?? '', name) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
