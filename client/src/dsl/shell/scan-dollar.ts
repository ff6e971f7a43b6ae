import { type Cursor, match, peek, push } from './cursor.ts'
import { type BraceFrame, codeFrame } from './frames.ts'

const variable = /[A-Za-z_][A-Za-z0-9_]*/y
const parameter = /(?:[!#](?=[A-Za-z0-9_@*]))?(?:[A-Za-z0-9_]+|[@*#?$!-])/y
const wordOperator = /:?[-=?+]/y
const patternOperator = /##?|%%?/y

/** Reads a `$` and the beginning of what it expands. `isQuoted`: within `"…"`, where `$'` means nothing. */
export function scanDollar(cursor: Cursor, isQuoted: boolean): void {
  const next = peek(cursor, 1)
  if (next === undefined) {
    cursor.tail = 'dollar'
    cursor.at += 1
  } else if (next === '(') {
    if (peek(cursor, 2) === '(') push(cursor, { kind: 'arithmetic', close: 'substitution', depth: 0 }, 3)
    else push(cursor, codeFrame('substitution'), 2)
  } else if (next === '{') openBrace(cursor, isQuoted)
  else if (next === "'" && !isQuoted) push(cursor, { kind: 'ansi' }, 2)
  else scanVariable(cursor)
}

function scanVariable(cursor: Cursor): void {
  cursor.at += 1
  const name = match(cursor, variable)
  if (name === undefined) {
    // A special parameter is one character; anything else leaves the dollar to itself.
    if (/[0-9@*#?$!-]/.test(peek(cursor) ?? '')) cursor.at += 1
    return
  }
  cursor.at += name.length
  if (peek(cursor) === undefined) cursor.tail = 'variable'
}

function openBrace(cursor: Cursor, isInDouble: boolean): void {
  const frame: BraceFrame = { kind: 'brace', part: 'other', isInDouble, hasOpenApostrophe: false }
  push(cursor, frame, 2)
  cursor.at += match(cursor, parameter)?.length ?? 0
  readOperator(cursor, frame)
}

/** Reads what follows a parameter's name, or its index, in `${…}`. */
export function readOperator(cursor: Cursor, frame: BraceFrame): void {
  const word = match(cursor, wordOperator)
  const pattern = word === undefined ? match(cursor, patternOperator) : undefined
  const sign = peek(cursor)
  if (word !== undefined) frame.part = 'word'
  else if (pattern !== undefined) frame.part = 'pattern'
  else if (sign === ':' || sign === '[') frame.part = 'number'
  else frame.part = 'other'
  if (frame.part !== 'other') cursor.at += (word ?? pattern ?? ':').length
}
