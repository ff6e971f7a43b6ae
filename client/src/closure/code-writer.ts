import { addSegment, GenMapping, toEncodedMap } from '@jridgewell/gen-mapping'
import type { CodePiece } from './code-piece.ts'
import type { Script } from './scripts.ts'
import { type FindPosition, positionsIn } from './source-positions.ts'

const sourceMapComment = '//# sourceMappingURL=data:application/json;base64,'

/** Text put together of pieces, and the map from it to the sources. */
export class CodeWriter {
  readonly #texts: string[] = []
  readonly #map = new GenMapping()
  readonly #positions = new Map<Script, FindPosition>()
  #line = 0
  #column = 0

  write(piece: CodePiece): void {
    if (typeof piece === 'string') this.#append(piece)
    else this.#copy(piece.script, piece.start, piece.end)
  }

  finish(): string {
    return `${this.#texts.join('')}\n${mapComment(toEncodedMap(this.#map))}\n`
  }

  #copy(script: Script, start: number, end: number): void {
    const find = this.#positions.get(script) ?? positionsIn(script)
    this.#positions.set(script, find)
    const text = script.parsed?.text.slice(start, end) ?? ''
    // One segment per word: an error is anywhere in a line, and is shown where the word before it begins.
    for (const { index, 0: word } of text.matchAll(/[\p{ID_Continue}$]+|\s+|[^\p{ID_Continue}$\s]/gu)) {
      const position = /^\s/.test(word) ? undefined : find(start + index)
      if (position !== undefined) {
        addSegment(this.#map, this.#line, this.#column, position.source, position.line - 1, position.column)
      }
      this.#append(word)
    }
  }

  #append(text: string): void {
    this.#texts.push(text)
    const lines = text.split('\n')
    this.#line += lines.length - 1
    this.#column = (lines.length > 1 ? 0 : this.#column) + (lines.at(-1)?.length ?? 0)
  }
}

export const mapComment = (map: object): string =>
  `${sourceMapComment}${Buffer.from(JSON.stringify(map)).toString('base64')}`

/** A text with an inline source map: without it, and the map. */
export function splitMap(text: string): { readonly text: string; readonly map: { sources: (string | null)[] } } {
  const start = text.lastIndexOf(sourceMapComment)
  const encoded = text.slice(start + sourceMapComment.length).trim()
  // Whoever writes maps writes them with their sources.
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { sources: (string | null)[] }
  return { text: text.slice(0, start), map }
}
