import { createHash } from 'node:crypto'
import type { Text } from '../model/index.ts'

/** A text up to this many characters stays with its call; of a longer one, calls share one copy. */
const maxInlineCharacters = 1024

const names = new Map<string, string>()
/** A program calls few functions, whose code comes with each call; larger texts are values, and must not be kept alive. */
const maxRemembered = 16
const maxRememberedCharacters = 2 ** 21

/** The name of a text tells its content. Texts of functions come again and again. */
function nameOf(text: string, extension: string): string {
  const known = names.get(text)
  if (known !== undefined) return known + extension
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  if (names.size >= maxRemembered) names.clear()
  if (text.length <= maxRememberedCharacters) names.set(text, name)
  return name + extension
}

/** Texts that jobs share, by name; each travels once with its batch. */
export class SharedTexts {
  readonly byName = new Map<string, string>()

  /** Where the text lies below `BATCH_TMPDIR`. */
  add(text: string, extension: string): { path: string } {
    const name = nameOf(text, extension)
    this.byName.set(name, text)
    return { path: pathOfText(name) }
  }

  /** The text itself if it is short. */
  addIfLong(text: string, extension: string): Text {
    return text.length <= maxInlineCharacters ? text : this.add(text, extension)
  }
}

/** Where jobs find a text, below `BATCH_TMPDIR`. */
export const pathOfText = (name: string): string => `texts/${name}`
