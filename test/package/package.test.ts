import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readManifest } from '../../client/build/package-manifest.ts'
import { contextFiles } from '../../client/build/worker-image.ts'
import { scanImports } from '../architecture/scan-imports.ts'
import { installPackage, packCopy, repository, runProgram } from './pack-repository.ts'

let folder: string
let copy: string
let project: string
let installed: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-package-'))
  const packed = await packCopy(folder)
  copy = packed.copy
  project = join(folder, 'project')
  installed = await installPackage(packed.tarball, project)
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type: 'module' }))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const programs = ['emulator.js', 'functions.js', 'worker.js', 'launcher-program.js', 'call-runner.cjs']
const pythonPrograms = [
  'dsl/python/describe-source.py',
  'execution/calls/python-runner.py',
  'programs/python-runner.py',
]

const program = `import { Batch } from 'graupel'

const batch = new Batch({ name: 'packed' })
const job = batch.newJob({ name: 'greet', outputs: ['text'] })
job.command\`echo \${'hello'} > \${job.out.text}\`
batch.writeOutput(job.out.text, 'hello.txt')
const run = await batch.run({ progress: false })
console.log((await run.status()).state)
`

test('the package has what is built, its manifest, a README and a licence, and no sources', async () => {
  const files = (await readdir(installed, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll(sep, '/'),
    )
  expect(files.filter((name) => !name.startsWith('dist/')).sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
  expect(files.filter((name) => /(?<!\.d)\.ts$/.test(name))).toEqual([])
  for (const name of programs) expect(files).toContain(`dist/programs/${name}`)
  for (const name of pythonPrograms) expect(files).toContain(`dist/${name}`)
  const module = (await readdir(join(repository, 'infra'))).filter((name) => name.endsWith('.tf'))
  for (const name of module) expect(files).toContain(`dist/deploy/infra/${name}`)
  expect(files).toContain('dist/deploy/cloud-init.yaml')
  expect(files).toContain('dist/deploy/functions/functions.js')
  expect(files).toContain('dist/deploy/functions/package-lock.json')
  for (const name of contextFiles) expect(files).toContain(`dist/deploy/worker/${name}`)
})

test('the installed command finds the Terraform module, the functions and the agent', async () => {
  const script = [
    `const { findDeployAssets } = await import('./node_modules/graupel/dist/cli/deploy/deploy-assets.js')`,
    `console.log(JSON.stringify(findDeployAssets({})))`,
  ]
  await writeFile(join(project, 'assets.js'), script.join('\n'))
  const assets: unknown = JSON.parse(await runProgram('node', ['assets.js'], project))
  expect(assets).toEqual({
    module: expect.stringMatching(/dist\/deploy\/infra$/),
    functions: expect.stringMatching(/dist\/deploy\/functions$/),
    worker: expect.stringMatching(/dist\/deploy\/worker$/),
    cloudInit: expect.stringMatching(/dist\/deploy\/cloud-init.yaml$/),
  })
  const help = await runProgram('node', [join(installed, 'dist/cli/main.js'), 'deploy', '--help'], project)
  expect(help).toContain('--machine-family')
})

test('packing leaves the repository as it was', async () => {
  for (const name of ['package.json']) {
    expect(await readFile(join(copy, 'client', name), 'utf8')).toBe(
      await readFile(join(repository, 'client', name), 'utf8'),
    )
  }
  expect(await readdir(join(copy, 'client'))).not.toContain('README.md')
})

test('every sub-path can be imported', async () => {
  const names = Object.keys(readManifest().exports).map((key) => `graupel${key.slice(1)}`)
  await writeFile(join(project, 'imports.js'), names.map((name) => `await import('${name}')\n`).join(''))
  await runProgram('node', ['imports.js'], project)
})

test('a program that uses the package runs', async () => {
  await writeFile(join(project, 'program.js'), program)
  expect(await runProgram('node', ['program.js'], project)).toBe('success\n')
  expect(await readFile(join(project, 'hello.txt'), 'utf8')).toBe('hello\n')
})

const everyFlag = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
}

for (const [title, flags] of Object.entries({ 'every strict flag': everyFlag, 'no strict flag': { strict: false } })) {
  test(`a program that uses the package compiles with ${title}, its declarations included`, async () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      ...flags,
    }
    await writeFile(join(project, 'program.ts'), program)
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    await runProgram('tsc', ['-p', 'tsconfig.json'], project)
  })
}

test('declarations of the main entry need no cloud library, whose own ones ask for a newer TypeScript', async () => {
  const seen = new Set(['dist/index.d.ts'])
  const outside = new Set<string>()
  for (const path of seen) {
    const text = await readFile(join(installed, path), 'utf8')
    for (const { specifier, target } of scanImports({ path, text }, new Map())) {
      if (target === undefined) outside.add(specifier)
      else seen.add(target.replace(/\.js$/, '.d.ts'))
    }
  }
  expect([...outside].filter((name) => name !== 'zod' && !name.startsWith('node:'))).toEqual([])
})

test('the command starts from the package', async () => {
  expect(await runProgram('node', [join(installed, 'dist/cli/main.js'), '--help'], project)).toContain('graupel')
})

test('the bundled programs are whole', async () => {
  for (const name of programs) await runProgram('node', ['--check', join(installed, `dist/programs/${name}`)], project)
})

test.skipIf(inject('emulators') === undefined)('the packed service runs a program', async () => {
  await writeFile(join(project, 'packed.js'), program)
  await rm(join(project, 'hello.txt'), { force: true })
  const command = [join(installed, 'dist/cli/main.js'), 'emulate', '--', 'node', 'packed.js']
  expect(await runProgram('node', command, project)).toContain('success')
  expect(await readFile(join(project, 'hello.txt'), 'utf8')).toBe('hello\n')
})
