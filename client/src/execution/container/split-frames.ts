const headerBytes = 8

/** What a container prints, out of the frames in which Docker sends it: a header of 8 bytes, the last 4 its length. */
export async function* splitFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let header = Buffer.alloc(0)
  let left = 0
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    while (rest.byteLength > 0) {
      if (left === 0) {
        const missing = headerBytes - header.byteLength
        header = Buffer.concat([header, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (header.byteLength < headerBytes) break
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const payload = rest.subarray(0, left)
      left -= payload.byteLength
      rest = rest.subarray(payload.byteLength)
      yield payload
    }
  }
}
