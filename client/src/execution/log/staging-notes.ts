const maxBytes = 64 * 1024

/** What was staged and how long it took, a line each; of very many files, the first ones. */
export class StagingNotes {
  #lines: string[] = []
  #bytes = 0
  #left = 0

  add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1
    if (this.#bytes + bytes > maxBytes) {
      this.#left += 1
      return
    }
    this.#lines.push(line)
    this.#bytes += bytes
  }

  /** Empty if there is nothing to tell. */
  text(last: string | undefined): string {
    const left = this.#left === 0 ? [] : [`… and ${this.#left} more`]
    const lines = [...this.#lines, ...left, ...(last === undefined ? [] : [last])]
    return lines.map((line) => `${line}\n`).join('')
  }
}
