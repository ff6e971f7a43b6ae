/** A heredoc that has been announced by `<<` and whose text starts at the next line. */
export interface Heredoc {
  readonly delimiter: string
  /** `<<-`: tabs before the delimiter do not count. */
  readonly stripsTabs: boolean
}

/** Commands: the whole script, a `(…)` or a `$(…)`. */
export interface CodeFrame {
  readonly kind: 'code'
  /** What ends it: the script's end, `)` of a subshell, or `)` of a substitution, which is part of a word. */
  readonly close: 'end' | 'subshell' | 'substitution'
  /** Open `case … esac`, whose patterns end with a `)` that closes nothing. */
  cases: number
  /** The word so far, as long as it is plain text; `undefined` where it holds quotes, expansions or values. */
  word: string | undefined
  isInWord: boolean
  /** The next word is a command or a reserved word. */
  isAtCommand: boolean
  heredocs: Heredoc[]
}

/** `${…}`. Which rule holds for a value depends on the operator before it. */
export interface BraceFrame {
  readonly kind: 'brace'
  /** `word`: after `:-` and the like; `pattern`: after `#` or `%`; `number`: an index or offset; `other`: the rest. */
  part: 'word' | 'pattern' | 'number' | 'other'
  readonly isInDouble: boolean
  /** An apostrophe in `"${x:-…}"` is one, but bash looks for its partner before it looks for the brace. */
  hasOpenApostrophe: boolean
}

/** Where in a script a place is: frames nest, the innermost decides. */
export type Frame =
  | CodeFrame
  | BraceFrame
  | { readonly kind: 'double' | 'single' | 'ansi' | 'backtick' | 'comment' }
  | { readonly kind: 'heredoc'; readonly heredoc: Heredoc; line: string }
  | { readonly kind: 'arithmetic'; readonly close: 'subshell' | 'substitution'; depth: number }

export const codeFrame = (close: CodeFrame['close']): CodeFrame => ({
  kind: 'code',
  close,
  cases: 0,
  word: '',
  isInWord: false,
  isAtCommand: true,
  heredocs: [],
})
