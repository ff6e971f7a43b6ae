const isFrame = (line: string): boolean => /^\s+(at |\.\.\. \d+ lines matching )/.test(line)

/** Ends each stack at the user's outermost frame: what follows is the program `own`, and what it stands on. */
export function cutFrames(text: string, own: string): string {
  const kept: string[] = []
  let isCut = false
  for (const line of text.split('\n')) {
    isCut = isFrame(line) && (isCut || line.includes(own))
    if (isCut) dropInternals(kept, line)
    else kept.push(line)
  }
  return kept.join('\n')
}

/** A stack may go on in the line that closes it, with a brace: `at main (file) {`. */
function dropInternals(kept: string[], cut: string): void {
  while (/^\s+at .*\bnode:internal\//.test(kept.at(-1) ?? '')) kept.pop()
  if (cut.endsWith('{')) kept.push(`${kept.pop() ?? ''} {`)
}
