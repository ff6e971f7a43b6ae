import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adaptDeclaration } from '../../client/build/adapt-declarations.ts'

const repository = join(import.meta.dirname, '../..')
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
let folder: string

const compile = (...options: string[]): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, '--pretty', 'false', ...options], {
    encoding: 'utf8',
  })
  return stdout + stderr
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'graupel-types-'))
  const project = join(repository, 'client/tsconfig.build.json')
  compile('-p', project, '--declaration', '--emitDeclarationOnly', '--outDir', join(folder, 'dist'))
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (name.endsWith('.d.ts')) writeFileSync(path, adaptDeclaration(readFileSync(path, 'utf8')))
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

const strict = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true }

test.each([
  ['no strict flag', {}, []],
  ['every strict flag', strict, ['bash-jobs-strict.ts']],
])('the published types hold for users with %s', (title, flags, cases) => {
  const project = join(folder, `${title.replaceAll(' ', '-')}.json`)
  const compilerOptions = {
    ...flags,
    paths: { graupel: [join(folder, 'dist/index.d.ts')], '*': [join(repository, 'node_modules/*')] },
    typeRoots: [join(repository, 'node_modules/@types')],
    skipLibCheck: true,
  }
  const names = readdirSync(import.meta.dirname).filter((name) =>
    /-(jobs|programs)\.ts$|^(executor|merging)\.ts$/.test(name),
  )
  const files = [...names, ...cases].map((file) => join(import.meta.dirname, file))
  const base = join(import.meta.dirname, 'tsconfig.loose.json')
  writeFileSync(project, JSON.stringify({ extends: base, compilerOptions, files }))
  expect(compile('-p', project)).toBe('')
})
