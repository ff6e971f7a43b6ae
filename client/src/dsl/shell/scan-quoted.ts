import { type Cursor, peek, pop, push, skipEscaped } from './cursor.ts'
import { type BraceFrame, codeFrame, type Frame } from './frames.ts'
import { readOperator, scanDollar } from './scan-dollar.ts'

/** Reads on to a character that ends the frame, or to the end of the text. */
export function scanUntil(cursor: Cursor, end: string, hasEscapes: boolean): void {
  const char = peek(cursor)
  if (char === end) pop(cursor, 1)
  else if (char === '\\' && hasEscapes) skipEscaped(cursor)
  else cursor.at += 1
}

/** The line's end ends a comment, and is still to be read. */
export function scanComment(cursor: Cursor): void {
  if (peek(cursor) === '\n') pop(cursor, 0)
  else cursor.at += 1
}

export function scanDouble(cursor: Cursor): void {
  const char = peek(cursor)
  if (char === '"') pop(cursor, 1)
  else scanExpansion(cursor, true)
}

/** Reads one character of a text in which `\`, `$` and backticks have a meaning. */
function scanExpansion(cursor: Cursor, isQuoted: boolean): void {
  const char = peek(cursor)
  if (char === '\\') skipEscaped(cursor)
  else if (char === '$') scanDollar(cursor, isQuoted)
  else if (char === '`') push(cursor, { kind: 'backtick' }, 1)
  else cursor.at += 1
}

export function scanBrace(cursor: Cursor, frame: BraceFrame): void {
  const char = peek(cursor)
  if (char === '}') pop(cursor, 1)
  else if (char === '"') push(cursor, { kind: 'double' }, 1)
  else if (char === "'") scanApostrophe(cursor, frame)
  else if (char === ']' && frame.part === 'number') {
    cursor.at += 1
    readOperator(cursor, frame)
  } else scanExpansion(cursor, frame.isInDouble)
}

/** Within `"${x:-…}"` an apostrophe is one; in a pattern it quotes even there. */
function scanApostrophe(cursor: Cursor, frame: BraceFrame): void {
  if (!frame.isInDouble || frame.part !== 'word') {
    push(cursor, { kind: 'single' }, 1)
    return
  }
  frame.hasOpenApostrophe = !frame.hasOpenApostrophe
  cursor.at += 1
}

/** Quotes mean nothing in arithmetic; parentheses nest. */
export function scanArithmetic(cursor: Cursor, frame: Extract<Frame, { kind: 'arithmetic' }>): void {
  const char = peek(cursor)
  if (char === '(') frame.depth += 1
  if (char === ')') {
    if (frame.depth === 0) {
      closeArithmetic(cursor, frame.close)
      return
    }
    frame.depth -= 1
  }
  scanExpansion(cursor, true)
}

/** A single `)` shows that it was no arithmetic: `((` were two subshells, and the inner one ends here. */
function closeArithmetic(cursor: Cursor, close: 'subshell' | 'substitution'): void {
  const isClosed = peek(cursor, 1) === ')'
  pop(cursor, isClosed ? 2 : 1)
  if (!isClosed) cursor.frames.push(codeFrame(close))
}

export function scanHeredoc(cursor: Cursor, frame: Extract<Frame, { kind: 'heredoc' }>): void {
  const char = peek(cursor)
  cursor.at += 1
  if (char !== '\n') {
    frame.line += char
    return
  }
  const line = frame.heredoc.stripsTabs ? frame.line.replace(/^\t+/, '') : frame.line
  frame.line = ''
  if (line === frame.heredoc.delimiter) cursor.frames.pop()
}
