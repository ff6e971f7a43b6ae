import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerLoginOf } from 'graupel/execution'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registryOf } from '../../../client/src/execution/container/registry-of.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-login-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const configure = (config: object) => writeFile(join(folder, 'config.json'), JSON.stringify(config))
const auth = Buffer.from('someone:se:cret').toString('base64')

describe('what docker login has left', () => {
  it('is used for images of that registry, and of no other', async () => {
    await configure({ auths: { 'registry.example:5000': { auth } } })
    expect(await dockerLoginOf('registry.example:5000/a/b:c', folder)).toEqual({
      username: 'someone',
      password: 'se:cret',
      serveraddress: 'registry.example:5000',
    })
    expect(await dockerLoginOf('other.example/a/b:c', folder)).toBeUndefined()
    expect(await dockerLoginOf('ubuntu', folder)).toBeUndefined()
  })

  it('may be nothing', async () => {
    expect(await dockerLoginOf('registry.example/a', folder)).toBeUndefined()
  })

  it('may be a program that is not there', async () => {
    await configure({ credsStore: 'graupel-no-such-helper' })
    expect(await dockerLoginOf('registry.example/a', folder)).toBeUndefined()
  })

  it('may be a program that keeps the credentials', async () => {
    const helper = join(folder, 'docker-credential-graupel-test')
    await writeFile(helper, `#!/bin/sh\nread -r host\nprintf '{"Username":"%s","Secret":"%s"}' "$1" "$host"\n`)
    await chmod(helper, 0o755)
    await configure({ credHelpers: { 'registry.example': 'graupel-test' } })
    const before = process.env.PATH
    process.env.PATH = `${folder}:${before}`
    try {
      expect(await dockerLoginOf('registry.example/a', folder)).toMatchObject({
        username: 'get',
        password: 'registry.example',
      })
    } finally {
      process.env.PATH = before
    }
  })
})

it.each([
  ['ubuntu', 'https://index.docker.io/v1/'],
  ['someone/image:tag', 'https://index.docker.io/v1/'],
  ['localhost/a', 'localhost'],
  ['127.0.0.1:5000/a@sha256:00', '127.0.0.1:5000'],
])('the registry of %s is %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry)
})
