import { type Cursor, match, peek, pop, push, skipEscaped } from './cursor.ts'
import { type CodeFrame, codeFrame } from './frames.ts'
import { scanDollar } from './scan-dollar.ts'

const wordsBeforeCommands = new Set(['then', 'do', 'else', 'elif', 'if', 'while', 'until', '!', '{', 'time'])
const heredocStart = /<<-?[ \t]*/y
const heredocWord = /(?:[^ \t\n;&|<>()'"\\]|\\[\s\S]|'[^']*'|"[^"]*")+/y

/** Reads one character of commands, or what it begins. */
export function scanCode(cursor: Cursor, frame: CodeFrame): void {
  const char = peek(cursor) ?? ''
  if (/[ \t\n;&|()<>]/.test(char)) {
    endWord(frame)
    scanOperator(cursor, frame, char)
  } else if (char === '#' && !frame.isInWord) push(cursor, { kind: 'comment' }, 1)
  else {
    frame.isInWord = true
    scanWord(cursor, frame, char)
  }
}

function scanWord(cursor: Cursor, frame: CodeFrame, char: string): void {
  if (!/[\\$'"`]/.test(char)) {
    if (frame.word !== undefined) frame.word += char
    cursor.at += 1
    return
  }
  frame.word = undefined
  if (char === '\\') skipEscaped(cursor)
  else if (char === '$') scanDollar(cursor, false)
  else push(cursor, { kind: char === "'" ? 'single' : char === '"' ? 'double' : 'backtick' }, 1)
}

/** A word is over: reserved words decide whether a command comes next, and which `)` belongs to a `case`. */
function endWord(frame: CodeFrame): void {
  if (!frame.isInWord) return
  const word = frame.word
  if (frame.isAtCommand && word === 'case') frame.cases += 1
  if (frame.isAtCommand && word === 'esac') frame.cases -= 1
  const isBeforeCommand = frame.isAtCommand
    ? word !== undefined && wordsBeforeCommands.has(word)
    : word === 'in' && frame.cases > 0
  frame.isAtCommand = isBeforeCommand
  frame.isInWord = false
  frame.word = ''
}

function scanOperator(cursor: Cursor, frame: CodeFrame, char: string): void {
  if (char === '(') openParenthesis(cursor, frame)
  else if (char === ')') closeParenthesis(cursor, frame)
  else if (char === '<') scanLess(cursor, frame)
  else {
    if (/[\n;&|]/.test(char)) frame.isAtCommand = true
    cursor.at += 1
    if (char === '\n') startHeredocs(cursor, frame)
  }
}

/** `((` is arithmetic, as a command and after `for`. */
function openParenthesis(cursor: Cursor, frame: CodeFrame): void {
  frame.isAtCommand = true
  if (peek(cursor, 1) === '(') push(cursor, { kind: 'arithmetic', close: 'subshell', depth: 0 }, 2)
  else push(cursor, codeFrame('subshell'), 1)
}

function closeParenthesis(cursor: Cursor, frame: CodeFrame): void {
  if (frame.close === 'end' || frame.cases > 0) {
    frame.isAtCommand = true
    cursor.at += 1
    return
  }
  pop(cursor, 1)
}

function scanLess(cursor: Cursor, frame: CodeFrame): void {
  if (match(cursor, /<<</y) !== undefined) {
    cursor.at += 3
    return
  }
  const start = match(cursor, heredocStart)
  if (start === undefined) {
    cursor.at += 1
    return
  }
  cursor.at += start.length
  const word = match(cursor, heredocWord)
  cursor.at += word?.length ?? 0
  if (peek(cursor) === undefined) cursor.tail = 'heredoc'
  const delimiter = (word ?? '').replaceAll(/\\([\s\S])|['"]/g, '$1')
  frame.heredocs.push({ delimiter, stripsTabs: start.startsWith('<<-') })
}

/** The texts of a line's heredocs follow it in their order: the first is innermost. */
function startHeredocs(cursor: Cursor, frame: CodeFrame): void {
  for (const heredoc of frame.heredocs.toReversed()) cursor.frames.push({ kind: 'heredoc', heredoc, line: '' })
  frame.heredocs = []
}
