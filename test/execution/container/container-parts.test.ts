import { parseRunFlags } from 'graupel/execution'
import { describe, expect, it } from 'vitest'
import { withTag } from '../../../client/src/execution/container/pull-image.ts'
import { splitFrames } from '../../../client/src/execution/container/split-frames.ts'

describe('flags of docker run', () => {
  it('are taken in both ways of writing', () => {
    const flags = parseRunFlags(['-v', '/a:/b:ro', '--volume=/c:/d', '-e', 'A=b=c', '--shm-size', '1g', '--privileged'])
    expect(flags).toMatchObject({
      mounts: [
        { source: '/a', target: '/b', isReadOnly: true },
        { source: '/c', target: '/d', isReadOnly: false },
      ],
      env: { A: 'b=c' },
      hostConfig: { ShmSize: 2 ** 30, Privileged: true },
    })
  })

  it('that are not known are named, with those that are', () => {
    expect(() => parseRunFlags(['--rm'])).toThrow(/'--rm' for docker run is not supported; use --add-host/)
  })

  it('need their value', () => {
    expect(() => parseRunFlags(['--network'])).toThrow("'--network' for docker run has no value")
  })
})

describe('what a container prints', () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8)
    header[0] = stream
    header.writeUInt32BE(Buffer.byteLength(text), 4)
    return Buffer.concat([header, Buffer.from(text)])
  }

  it('is put together again, however its frames are cut', async () => {
    const all = Buffer.concat([frame(1, 'out'), frame(2, ''), frame(2, 'error'), frame(1, 'x'.repeat(300))])
    for (const size of [1, 3, 7, 8, 9, 1000]) {
      const chunks = async function* () {
        for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
      }
      const printed = Buffer.concat(await Array.fromAsync(splitFrames(chunks()))).toString()
      expect(printed).toBe(`outerror${'x'.repeat(300)}`)
    }
  })
})

it.each([
  ['ubuntu', 'ubuntu:latest'],
  ['ubuntu:24.04', 'ubuntu:24.04'],
  ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
  ['a/b@sha256:00', 'a/b@sha256:00'],
])('pulls one tag of %s only', (image, tagged) => {
  expect(withTag(image)).toBe(tagged)
})
