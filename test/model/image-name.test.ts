import { isImageName, isImageReference } from 'graupel/model'
import { describe, expect, it } from 'vitest'

const digest = `sha256:${'0a'.repeat(32)}`

describe("an image's name", () => {
  it.each([
    'ubuntu',
    'ubuntu:24.04',
    'a/b_c/d__e/f-g.h:v1',
    'localhost/x',
    '127.0.0.1:5000/a/b:c',
    '[::1]:5000/a',
    'Registry.example/a',
    `a/b@${digest}`,
    `a/b:c@${digest}`,
    digest,
  ])('may be %s', (name) => {
    expect(isImageReference(name)).toBe(true)
  })

  it.each([
    '',
    'Bad Name',
    'a b',
    'Ubuntu',
    'https://r.example/a',
    'a//b',
    '/a',
    'a/',
    'a:',
    'a:b:c',
    'a:b c',
    'a@b',
    '--privileged',
    'ü',
    'a\nb',
    undefined,
  ])('is not %j', (name) => {
    expect(isImageReference(name)).toBe(false)
  })

  it('has no digest where it is given', () => {
    expect(isImageName(`a/b@${digest}`)).toBe(false)
  })
})
