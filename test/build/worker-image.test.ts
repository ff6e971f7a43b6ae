import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folders } from '../../client/build/folders.ts'
import { contextFiles } from '../../client/build/worker-image.ts'

test("the agent's image copies nothing that its context does not have", () => {
  const dockerfile = readFileSync(join(folders.repository, 'worker-vm/image/Dockerfile'), 'utf8')
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '))
  expect(copied.length).toBeGreaterThan(0)
  for (const name of copied) expect(contextFiles).toContain(name)
})

test("the agent's image has the Node that graupel is tested with", () => {
  const dockerfile = readFileSync(join(folders.repository, 'worker-vm/image/Dockerfile'), 'utf8')
  const manifest: { devDependencies: { node: string } } = JSON.parse(
    readFileSync(join(folders.repository, 'package.json'), 'utf8'),
  )
  expect(dockerfile).toContain(`ARG BASE=node:${manifest.devDependencies.node}-`)
})

test("the agent's image has all that the agent looks for beside itself", () => {
  const dockerfile = readFileSync(join(folders.repository, 'worker-vm/image/Dockerfile'), 'utf8')
  for (const name of ['worker.js', 'launcher-program.js', 'call-runner.cjs', 'python-runner.py'])
    expect(dockerfile).toMatch(new RegExp(`^COPY .*\\b${name.replace('.', '\\.')}\\b.* \\./$`, 'm'))
})
