import type { Inspector, ScriptInfo } from './inspector.ts'
import { ParsedScript } from './parsed-script.ts'

/** A script of this process. */
export interface Script {
  readonly url: string
  readonly sourceMapUrl: string
  /** Undefined: part of Node itself, or of a syntax that the parser does not know. */
  readonly parsed: ParsedScript | undefined
}

/** The scripts of this process, fetched and parsed once, when a function of them is met. */
export class Scripts {
  readonly #inspector: Inspector
  readonly #known = new Map<string, Script | undefined>()

  constructor(inspector: Inspector) {
    this.#inspector = inspector
  }

  get(scriptId: string): Script | undefined {
    if (!this.#known.has(scriptId)) this.#known.set(scriptId, parsedScript(this.#inspector.readScript(scriptId)))
    return this.#known.get(scriptId)
  }
}

/** The script is part of Node itself. */
export const isNodes = (script: Script): boolean => script.url.startsWith('node:')

function parsedScript(info: ScriptInfo | undefined): Script | undefined {
  if (info === undefined) return undefined
  const { url, sourceMapUrl, text, isModule } = info
  return { url, sourceMapUrl, parsed: url.startsWith('node:') ? undefined : tryParse(text, isModule) }
}

function tryParse(text: string, isModule: boolean): ParsedScript | undefined {
  try {
    return new ParsedScript(text, isModule)
  } catch {
    return undefined
  }
}
