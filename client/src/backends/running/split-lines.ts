/** No text can be longer than 2^29 - 24 characters, so a line that comes near that is cut. */
const longestLine = 2 ** 28

/** The lines of a text that comes in chunks, without their line ends; the last one need not have one. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let line: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const [end = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    line.push(end)
    length += end.length
    for (const other of others) {
      yield line.join('')
      line = [other]
      length = other.length
    }
    if (length < longestLine) continue
    yield line.join('')
    line = []
    length = 0
  }
  const last = line.join('') + decoder.decode()
  if (last !== '') yield last
}
