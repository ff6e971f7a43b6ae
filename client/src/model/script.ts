import type { ScriptPiece } from './job-spec.ts'

type Quote = Exclude<ScriptPiece, string>['quote']

/**
 * Writes a text so that a POSIX shell reads exactly it, in the quotes it stands in: `bare` as a word of its own, `double`
 * within `"…"`, `single` within `'…'`, `brace` within `"${x:-…}"`, `none` as it is.
 */
export function writeInQuotes(text: string, quote: Quote): string {
  switch (quote) {
    case 'bare':
      return `'${text.replaceAll("'", String.raw`'\''`)}'`
    case 'single':
      return text.replaceAll("'", String.raw`'\''`)
    case 'double':
      return text.replaceAll(/[\\"$`]/g, String.raw`\$&`)
    case 'brace':
      // Bash looks for the partner of an apostrophe, and for `<(`, before it looks for the brace: quotes part them.
      return text
        .replaceAll(/[\\"$`}]/g, String.raw`\$&`)
        .replaceAll("'", `"'"`)
        .replaceAll(/([<>])\(/g, '$1""(')
    case 'none':
      return text
    default:
      return quote satisfies never
  }
}

/**
 * The text of a script, once the files' places are known.
 *
 * @param resolve the absolute path of a path below `BATCH_TMPDIR`
 */
export function renderScript(pieces: readonly ScriptPiece[], resolve: (path: string) => string): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : writeInQuotes(resolve(piece.path), piece.quote)))
    .join('')
}
