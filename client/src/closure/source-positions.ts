import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Script } from './scripts.ts'

export interface SourcePosition {
  readonly source: string
  /** Counted from 1, as source maps do. */
  readonly line: number
  readonly column: number
}

/** From the place of an offset in what Node runs to its place in what the user wrote. */
export type FindPosition = (offset: number) => SourcePosition | undefined

/** Scripts that tools have made lead back to their sources by the map that they name; without one, they are the source. */
export function positionsIn(script: Script): FindPosition {
  const { parsed } = script
  if (parsed === undefined) return () => undefined
  const map = readMap(script)
  const url = script.url.startsWith('/') ? `${pathToFileURL(script.url)}` : script.url
  return (offset) => {
    const { line, column } = parsed.positionAt(offset)
    if (map === undefined) return url === '' ? undefined : { source: url, line: line + 1, column }
    const found = originalPositionFor(map, { line: line + 1, column })
    return found.source === null ? undefined : { source: found.source, line: found.line, column: found.column }
  }
}

/** No map, or one that cannot be read: the script itself is shown, which is better than nothing. */
function readMap({ url, sourceMapUrl }: Script): TraceMap | undefined {
  if (sourceMapUrl === '') return undefined
  try {
    const base = url.startsWith('/') ? `${pathToFileURL(url)}` : url
    return new TraceMap(
      readText(sourceMapUrl, base),
      sourceMapUrl.startsWith('data:') ? base : `${new URL(sourceMapUrl, base)}`,
    )
  } catch {
    return undefined
  }
}

function readText(sourceMapUrl: string, base: string): string {
  const inline = /^data:[^,]*?(;base64)?,(.*)$/s.exec(sourceMapUrl)
  if (inline === null) return readFileSync(fileURLToPath(new URL(sourceMapUrl, base)), 'utf8')
  const [, isBase64, text = ''] = inline
  return isBase64 === undefined ? decodeURIComponent(text) : Buffer.from(text, 'base64').toString('utf8')
}
