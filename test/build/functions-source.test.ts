import { expect, test } from 'vitest'
import { functionsManifest } from '../../client/build/functions-source.ts'

const versions = { '@google-cloud/storage': '1.2.3', dockerode: '4.5.6', hono: '7.8.9' }

test('the deployed functions install just what their bundle imports', () => {
  const bundle = [
    'import { createHash } from "node:crypto";',
    'import { Hono } from "hono";',
    'import { bodyLimit } from "hono/body-limit";',
    'const { Storage } = await import("@google-cloud/storage");',
  ].join('\n')
  expect(functionsManifest(bundle, versions)).toMatchObject({
    type: 'module',
    main: 'functions.js',
    dependencies: { '@google-cloud/storage': '1.2.3', hono: '7.8.9' },
  })
})

test('text that only looks like a path is no dependency', () => {
  const { dependencies } = functionsManifest('import x from "./dockerode";', versions)
  expect(dependencies).toEqual({})
})
