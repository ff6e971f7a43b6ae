import { expect, test } from 'vitest'
import { adaptDeclaration } from '../../client/build/adapt-declarations.ts'

test('imports of sources become imports of what is built from them', () => {
  const text = [
    "import { a } from './a.ts';",
    "export type { B } from '../model/b.ts';",
    "import './side.ts';",
    "declare module './job.ts' {}",
    "export declare const c: import('./c.ts').C;",
    "import { z } from 'zod';",
  ].join('\n')
  expect(adaptDeclaration(text)).toBe(text.replaceAll('.ts', '.js'))
})

test('an example in a comment keeps the names of its own files', () => {
  const text = "/** `await job.call(pythonFunction('stats.py', 'mean'))`, run with `node main.ts` */"
  expect(adaptDeclaration(text)).toBe(text)
})

test('typed arrays lose the parameter that TypeScript 5.6 does not know', () => {
  expect(
    adaptDeclaration('a: Uint8Array<ArrayBufferLike>; b: Uint32Array<ArrayBuffer>; c: Map<string, Uint8Array>'),
  ).toBe('a: Uint8Array; b: Uint32Array; c: Map<string, Uint8Array>')
})

test('a declaration that can be disposed of asks for the library that says how', () => {
  expect(adaptDeclaration('[Symbol.asyncDispose](): Promise<void>;')).toMatch(
    /^\/\/\/ <reference lib="esnext.disposable"/,
  )
  expect(adaptDeclaration('close(): Promise<void>;')).toBe('close(): Promise<void>;')
})
