import { expect, test } from 'vitest'
import { publishedManifest, readManifest } from '../../client/build/package-manifest.ts'

test('the published manifest points at built files and has no scripts', () => {
  const manifest = {
    name: 'graupel',
    version: '1.2.3',
    bin: { graupel: './src/cli/main.ts' },
    exports: { '.': './src/index.ts', './model': './src/model/index.ts' },
    scripts: { prepack: 'node build/prepack.ts' },
    dependencies: { zod: '4.6.7' },
  }
  expect(publishedManifest(manifest)).toEqual({
    name: 'graupel',
    version: '1.2.3',
    bin: { graupel: './dist/cli/main.js' },
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './model': { types: './dist/model/index.d.ts', default: './dist/model/index.js' },
      './package.json': './package.json',
    },
    types: './dist/index.d.ts',
    typesVersions: { '*': { model: ['./dist/model/index.d.ts'] } },
    dependencies: { zod: '4.6.7' },
  })
})

test('in the repository every export is a source', () => {
  const { bin, exports } = readManifest()
  for (const path of [...Object.values(bin), ...Object.values(exports)]) expect(path).toMatch(/^\.\/src\/.*\.ts$/)
})
