import { describe, expect, it } from 'vitest'
import { objectNameOf } from '../../../client/src/execution/staging/object-name.ts'

describe('the name of a stored output', () => {
  it('is its own, where stores take that', () => {
    expect(objectNameOf('job/a b/ü.txt')).toBe('job/a b/ü.txt')
  })

  it('is short, however deep it lies, and differs from that of others', () => {
    const deep = (name: string) =>
      `job/${'d'.repeat(200)}/${'e'.repeat(200)}/${'f'.repeat(200)}/${'g'.repeat(200)}/${name}`
    expect(objectNameOf(deep('x'))).toMatch(/^%[0-9a-f]{64}$/)
    expect(objectNameOf(deep('x'))).not.toBe(objectNameOf(deep('y')))
    expect(objectNameOf(deep('x'))).toBe(objectNameOf(deep('x')))
  })

  it('is short too where its letters must be written with more', () => {
    expect(Buffer.byteLength(objectNameOf(`${'#'.repeat(70)}/`.repeat(4)))).toBeLessThan(700)
  })
})
