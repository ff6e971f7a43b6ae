import { writeInQuotes } from '../../model/index.ts'
import type { Frame } from './frames.ts'
import type { Place } from './scanner.ts'

/** Why nothing can be written at a place, and what to write instead: `cannot be written <problem>`. */
export interface Refusal {
  readonly problem: string
  readonly remedy: string
}

/** Quotes, and text around them. */
export interface PathQuoting {
  readonly quote: 'bare' | 'double' | 'single' | 'brace' | 'none'
  readonly before: string
}

/** How a text is written at a place; `none` stands for text that reaches no program (a comment). */
export type Quoting = PathQuoting | { readonly only: 'numbers' }

const joins = {
  dollar: { problem: 'right after a $', remedy: String.raw`write \\$ for a dollar sign, or leave it out` },
  backslash: { problem: 'right after a backslash', remedy: 'put the backslash into the value, or leave it out' },
  heredoc: { problem: 'as the word that ends a heredoc', remedy: 'write a fixed word' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  variable: { problem: 'right after the name of a variable', remedy: 'write the variable as "${name}"' },
} as const satisfies Record<string, Refusal>

// Shells differ in what quotes within quotes mean there, and bash expands braces in them.
const quotedInBrace: Refusal = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  problem: 'quoted, or in a pattern, within "${…}"',
  remedy: 'put it into a variable first',
}

const isInQuotedBrace = (outer: Frame | undefined): boolean => outer?.kind === 'brace' && outer.isInDouble

/** How to write a value where it stands, or why it cannot stand there. */
export function quotingAt(place: Place): Quoting | Refusal {
  const { frame, outer, tail } = place
  if (tail === 'backslash' || tail === 'heredoc') return joins[tail]
  switch (frame.kind) {
    case 'code':
      return tail === 'dollar' ? joins.dollar : { quote: 'bare', before: '' }
    case 'double':
      // `"$name` and a letter would be another variable: `""` in between ends the name.
      if (isInQuotedBrace(outer)) return quotedInBrace
      if (tail === 'none') return { quote: 'double', before: '' }
      return outer?.kind === 'code' ? { quote: 'double', before: '""' } : joins[tail]
    case 'single':
      if (isInQuotedBrace(outer)) return quotedInBrace
      return { quote: 'single', before: '' }
    case 'comment':
      return { quote: 'none', before: '' }
    case 'brace':
      return quotingInBrace(place)
    case 'arithmetic':
      return tail === 'none' ? { only: 'numbers' } : joins[tail]
    case 'heredoc':
      return { problem: 'in a heredoc', remedy: `use printf '%s\\n' with the value, or env() and a variable` }
    case 'backtick':
      return { problem: 'in backticks', remedy: 'use $(…) instead' }
    case 'ansi':
      return { problem: "in $'…'", remedy: 'use \'…\' or "…" instead' }
    default:
      return frame satisfies never
  }
}

function quotingInBrace({ frame, tail }: Place): Quoting | Refusal {
  if (frame.kind !== 'brace' || tail === 'dollar') return joins.dollar
  if (frame.part === 'number') return tail === 'none' ? { only: 'numbers' } : joins.variable
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  if (frame.part === 'other') return { problem: 'here in ${…}', remedy: 'put it into a variable first' }
  if (!frame.isInDouble) return { quote: 'bare', before: '' }
  if (frame.part === 'pattern') return quotedInBrace
  if (frame.hasOpenApostrophe)
    return { problem: `between apostrophes in "\${…}"`, remedy: 'leave the apostrophes out: a value is quoted anyway' }
  return tail === 'none' ? { quote: 'brace', before: '' } : joins.variable
}

/** Writes a plain text at its place. */
export function writeText(text: string, quoting: Quoting): string | Refusal {
  if ('only' in quoting) return writeNumber(text)
  const { quote, before } = quoting
  return quote === 'none' ? text.replaceAll(/[\r\n]/g, ' ') : before + writeInQuotes(text, quote)
}

/** Arithmetic takes whole numbers; a negative one in parentheses, since `5--3` is not `5-(-3)` in every shell. */
function writeNumber(text: string): string | Refusal {
  if (!/^-?(?:0|[1-9]\d*)$/.test(text))
    return { problem: `in shell arithmetic: ${JSON.stringify(text)}`, remedy: 'only whole numbers can stand there' }
  return text.startsWith('-') ? `(${text})` : text
}

/** Quotes that a file's path can be written in, once it is known. */
export function quotingOfPath(quoting: Quoting): PathQuoting | Refusal {
  if (!('only' in quoting)) return quoting
  return { problem: 'in shell arithmetic', remedy: 'only whole numbers can stand there' }
}
