import type { Frame } from './frames.ts'

/**
 * What the text before a value ends with, where that would join the value: a lone `$` or backslash, a `$name` (which a
 * letter would make longer), or a `<<` without its word.
 */
export type Tail = 'none' | 'dollar' | 'backslash' | 'variable' | 'heredoc'

/** One piece of text being read, and what is open around it. */
export interface Cursor {
  readonly text: string
  at: number
  readonly frames: Frame[]
  tail: Tail
}

export const peek = (cursor: Cursor, offset = 0): string | undefined => cursor.text[cursor.at + offset]

export function push(cursor: Cursor, frame: Frame, length: number): void {
  cursor.frames.push(frame)
  cursor.at += length
}

export function pop(cursor: Cursor, length: number): void {
  cursor.frames.pop()
  cursor.at += length
}

/** Reads a backslash and what it protects. */
export function skipEscaped(cursor: Cursor): void {
  if (peek(cursor, 1) === undefined) cursor.tail = 'backslash'
  cursor.at += 2
}

/** The text from here that matches a sticky expression. */
export function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  return pattern.exec(cursor.text)?.[0]
}
