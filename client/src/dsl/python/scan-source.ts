const quoted = String.raw`("""|''')(?:\\[^]|(?!\1)[^])*\1|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'`
const textOrComment = new RegExp(`${quoted}|#[^\\n]*`, 'g')
const definition = /^(?:async[ \t]+)?def[ \t]+([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{N}_]*)/gmu

/** The names of the functions that a source defines at its top level, in order, seen without a Python interpreter. */
export function scanFunctions(source: string): string[] {
  const code = source.replaceAll(textOrComment, (found) => (found.startsWith('#') ? '' : '""'))
  return [...code.matchAll(definition)].flatMap(([, name]) => name ?? [])
}

/** Whether a source has a word anywhere: a name that it does not have it cannot define, unless it imports `*`. */
export const mentionsWord = (source: string, word: string): boolean =>
  source.split(/[^\p{L}\p{Nl}\p{M}\p{N}_]+/u).includes(word) || /^\s*from\s.+\simport\s+\*/m.test(source)
