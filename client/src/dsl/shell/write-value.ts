import { writeInQuotes } from '../../model/index.ts'
import type { Place } from './scanner.ts'

/** Why nothing can be written at a place, and what to write instead: `cannot be written <problem>`. */
export interface Refusal {
  readonly problem: string
  readonly remedy: string
}

/** How a text is written at a place; `none` stands for text that reaches no program (a comment). */
export type Quoting =
  | { readonly quote: 'bare' | 'double' | 'single' | 'brace' | 'none'; readonly before: string }
  | { readonly only: 'numbers' }
  | { readonly quote: 'pattern' | 'innerSingle' }

const joins = {
  dollar: { problem: 'right after a $', remedy: String.raw`write \\$ for a dollar sign, or leave it out` },
  backslash: { problem: 'right after a backslash', remedy: 'put the backslash into the value, or leave it out' },
  heredoc: { problem: 'as the word that ends a heredoc', remedy: 'write a fixed word' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  variable: { problem: 'right after the name of a variable', remedy: 'write the variable as "${name}"' },
} as const satisfies Record<string, Refusal>

/** How to write a value where it stands, or why it cannot stand there. */
export function quotingAt(place: Place): Quoting | Refusal {
  const { frame, outer, tail } = place
  if (tail === 'backslash' || tail === 'heredoc') return joins[tail]
  switch (frame.kind) {
    case 'code':
      return tail === 'dollar' ? joins.dollar : { quote: 'bare', before: '' }
    case 'double':
      // `"$name` and a letter would be another variable: `""` in between ends the name.
      if (tail === 'none') return { quote: 'double', before: '' }
      return outer?.kind === 'code' ? { quote: 'double', before: '""' } : joins[tail]
    case 'single':
      return outer?.kind === 'brace' ? { quote: 'innerSingle' } : { quote: 'single', before: '' }
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
  if (frame.part === 'pattern') return { quote: 'pattern' }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  if (frame.part === 'other') return { problem: 'here in ${…}', remedy: 'put it into a variable first' }
  if (!frame.isInDouble) return { quote: 'bare', before: '' }
  return tail === 'none' ? { quote: 'brace', before: '' } : joins.variable
}

const quoteInPattern = (text: string) => text.replaceAll("'", `'"'"'`)

/** Writes a plain text at its place. */
export function writeText(text: string, quoting: Quoting): string | Refusal {
  if ('only' in quoting) return writeNumber(text)
  switch (quoting.quote) {
    case 'none':
      return text.replaceAll(/[\r\n]/g, ' ')
    case 'pattern':
      return `'${quoteInPattern(text)}'`
    case 'innerSingle':
      return quoteInPattern(text)
    default:
      return quoting.before + writeInQuotes(text, quoting.quote)
  }
}

/** Arithmetic takes whole numbers; a negative one in parentheses, since `5--3` is not `5-(-3)` in every shell. */
function writeNumber(text: string): string | Refusal {
  if (!/^-?(?:0|[1-9]\d*)$/.test(text))
    return { problem: `in shell arithmetic: ${JSON.stringify(text)}`, remedy: 'only whole numbers can stand there' }
  return text.startsWith('-') ? `(${text})` : text
}

/** Quotes that a file's path can be written in, once it is known. */
export function quoteOfPath(quoting: Quoting): 'bare' | 'double' | 'single' | 'brace' | 'none' | Refusal {
  if ('only' in quoting) return { problem: 'in shell arithmetic', remedy: 'only whole numbers can stand there' }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
  const remedy = { problem: 'in a pattern in ${…}', remedy: 'put its path into a variable first' }
  return quoting.quote === 'pattern' || quoting.quote === 'innerSingle' ? remedy : quoting.quote
}
