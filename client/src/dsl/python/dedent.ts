/** Takes from every line the white space that all lines begin with. Blank lines do not count. Lines stay in number. */
export function dedent(text: string): string {
  const lines = text.split('\n')
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.slice(0, line.search(/[^ \t]/)))
  const margin = margins.reduce(commonStart, margins[0] ?? '')
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(margin.length))).join('\n')
}

function commonStart(left: string, right: string): string {
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return left.slice(0, length)
}
