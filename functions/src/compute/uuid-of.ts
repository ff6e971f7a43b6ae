import { createHash } from 'node:crypto'

/** That of graupel's requests: drawn once, and never changed. */
const requests = '628af759-4161-42c7-adf6-dd49eb6df616'

/**
 * The same name gives the same UUID: version 5 of RFC 9562, which those know as well that know only the first five.
 * @param namespace a UUID. Default: that of graupel's requests
 */
export function uuidOf(name: string, namespace: string = requests): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
