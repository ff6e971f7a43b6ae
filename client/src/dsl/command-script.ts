import type { ScriptPiece } from '../model/index.ts'
import { type CommandPart, type CommandScope, partsOfCommand } from './command-parts.ts'
import { invalidJob } from './job-draft.ts'
import type { Resource } from './resource.ts'
import { ShellScanner } from './shell/scanner.ts'
import { type Quoting, quotingAt, quotingOfPath, type Refusal, writeText } from './shell/write-value.ts'

type PathQuote = Exclude<ScriptPiece, string>['quote']

/** A piece of a script whose files have no path yet. */
export type CommandPiece = string | { readonly resource: Resource; readonly quote: PathQuote }

/**
 * Writes a command: values for the quotes they stand in, resources as pieces to fill in later.
 *
 * @throws InvalidBatchError if a value cannot stand where it does
 */
export function writeCommand(
  scope: CommandScope,
  script: string | TemplateStringsArray,
  values: readonly unknown[],
): CommandPiece[] {
  const scanner = new ShellScanner()
  const pieces: CommandPiece[] = []
  const parts = [...partsOfCommand(scope, script, values)]
  for (const [index, part] of parts.entries()) {
    // What follows the last value needs no look at its quotes.
    if (part.kind === 'script' && index < parts.length - 1) scanner.read(part.text)
    pieces.push(...(part.kind === 'script' ? [part.text] : writePart(scope, scanner, part)))
    if (part.kind !== 'script') scanner.skipValue()
  }
  return joinTexts(pieces)
}

function writePart(
  scope: CommandScope,
  scanner: ShellScanner,
  part: Exclude<CommandPart, { kind: 'script' }>,
): CommandPiece[] {
  const items = part.kind === 'resource' ? [part.resource] : part.items
  return items.flatMap((item) => {
    const pieces = typeof item === 'string' ? writePlain(scope, scanner, item) : writeResource(scope, scanner, item)
    scanner.skipValue()
    return pieces
  })
}

function writePlain(scope: CommandScope, scanner: ShellScanner, text: string): CommandPiece[] {
  const quoting = allow(scope, 'a value', quotingAt(scanner.place))
  return [allow(scope, 'a value', writeText(text, quoting))]
}

function writeResource(scope: CommandScope, scanner: ShellScanner, resource: Resource): CommandPiece[] {
  const { place } = scanner
  if (place.frame.kind === 'heredoc') return [{ resource, quote: 'none' }]
  const quoting: Quoting = allow(scope, 'a file', quotingAt(place))
  const { quote, before } = allow(scope, 'a file', quotingOfPath(quoting))
  return [before, { resource, quote }]
}

/** @throws InvalidBatchError if it is a refusal */
function allow<T extends string | object>(scope: CommandScope, what: string, result: T | Refusal): T {
  if (isRefusal(result))
    throw invalidJob(scope.draft, `has ${what} in its command ${result.problem}; ${result.remedy}.`)
  return result
}

const isRefusal = (result: unknown): result is Refusal =>
  typeof result === 'object' && result !== null && 'problem' in result

function joinTexts(pieces: readonly CommandPiece[]): CommandPiece[] {
  const joined: CommandPiece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece
    else if (piece !== '') joined.push(piece)
  }
  return joined
}
