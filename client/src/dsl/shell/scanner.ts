import type { Cursor, Tail } from './cursor.ts'
import { codeFrame, type Frame } from './frames.ts'
import { scanCode } from './scan-code.ts'
import { scanArithmetic, scanBrace, scanComment, scanDouble, scanHeredoc, scanUntil } from './scan-quoted.ts'

/** Where in a script a value stands. */
export interface Place {
  readonly frame: Frame
  /** The frame around that one. */
  readonly outer: Frame | undefined
  readonly tail: Tail
}

function step(cursor: Cursor, frame: Frame): void {
  cursor.tail = 'none'
  switch (frame.kind) {
    case 'code':
      scanCode(cursor, frame)
      break
    case 'double':
      scanDouble(cursor)
      break
    case 'single':
      scanUntil(cursor, "'", false)
      break
    case 'ansi':
      scanUntil(cursor, "'", true)
      break
    case 'backtick':
      scanUntil(cursor, '`', true)
      break
    case 'comment':
      scanComment(cursor)
      break
    case 'heredoc':
      scanHeredoc(cursor, frame)
      break
    case 'brace':
      scanBrace(cursor, frame)
      break
    case 'arithmetic':
      scanArithmetic(cursor, frame)
      break
    default:
      frame satisfies never
  }
}

/**
 * Reads a shell script piece by piece and knows in which quotes each value between the pieces stands, by the rules of
 * POSIX shells and bash: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2026-11).
 */
export class ShellScanner {
  readonly #frames: Frame[] = [codeFrame('end')]
  #tail: Tail = 'none'

  /** Reads text that the user wrote. */
  read(text: string): void {
    if (text === '') return
    const cursor: Cursor = { text, at: 0, frames: this.#frames, tail: 'none' }
    while (cursor.at < text.length) {
      const frame = cursor.frames.at(-1)
      if (frame !== undefined) step(cursor, frame)
    }
    this.#tail = cursor.tail
  }

  /** The place reached so far. */
  get place(): Place {
    return { frame: this.#frames.at(-1) ?? codeFrame('end'), outer: this.#frames.at(-2), tail: this.#tail }
  }

  /** Something whose text is not read stands here. */
  skipValue(): void {
    const { frame } = this.place
    this.#tail = 'none'
    if (frame.kind === 'code') {
      frame.isInWord = true
      frame.word = undefined
    }
    if (frame.kind === 'heredoc') frame.line += '\0'
  }
}
