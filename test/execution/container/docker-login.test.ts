import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerLoginOf } from 'graupel/execution'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

  it.each([
    ['docker.io/me/x', 'https://index.docker.io/v1/'],
    ['me/x', 'docker.io'],
    ['index.docker.io/me/x', 'index.docker.io'],
    ['gcr.io/p/x', 'https://gcr.io'],
    ['gcr.io/p/x', 'https://gcr.io/v2/'],
    ['127.0.0.1:5000/x', 'http://127.0.0.1:5000'],
  ])('is found for %s under %s, as Docker finds it', async (image, name) => {
    await configure({ auths: { 'other.example': { auth: '' }, [name]: { auth } } })
    expect(await dockerLoginOf(image, folder)).toMatchObject({ username: 'someone', password: 'se:cret' })
  })

  it('under its very name counts more than another way to write that', async () => {
    const other = Buffer.from('other:x').toString('base64')
    await configure({ auths: { 'https://gcr.io': { auth: other }, 'gcr.io': { auth } } })
    expect(await dockerLoginOf('gcr.io/p/x', folder)).toMatchObject({ username: 'someone' })
  })

  it('may be a token, in the file', async () => {
    const nobody = Buffer.from('00000000-0000-0000-0000-000000000000:').toString('base64')
    await configure({ auths: { 'x.azurecr.io': { auth: nobody, identitytoken: 'token' } } })
    expect(await dockerLoginOf('x.azurecr.io/y', folder)).toMatchObject({ password: '', identitytoken: 'token' })
  })

  it('may be nothing', async () => {
    expect(await dockerLoginOf('registry.example/a', folder)).toBeUndefined()
  })

  it('may be a program that is not there', async () => {
    await configure({ credsStore: 'graupel-no-such-helper' })
    expect(await dockerLoginOf('registry.example/a', folder)).toBeUndefined()
  })

  describe('in a program that keeps the credentials', () => {
    const answer = async (user: string, image: string) => {
      const helper = join(folder, 'docker-credential-graupel-test')
      await writeFile(
        helper,
        `#!/bin/sh\nread -r host\nprintf '{"Username":"%s","Secret":"%s"}' '${user}' "$1 $host"\n`,
      )
      await chmod(helper, 0o755)
      vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
      return dockerLoginOf(image, folder)
    }

    afterEach(() => {
      vi.unstubAllEnvs()
    })

    it('is asked for', async () => {
      await configure({ credHelpers: { 'registry.example': 'graupel-test' } })
      const found = await answer('me', 'registry.example/a')
      expect(found).toMatchObject({ username: 'me', password: 'get registry.example' })
    })

    it('is asked for Docker Hub by the name that Docker keeps it under', async () => {
      await configure({ credHelpers: { 'docker.io': 'graupel-test' } })
      expect(await answer('me', 'docker.io/a/b')).toMatchObject({ password: 'get https://index.docker.io/v1/' })
    })

    it('may be a token', async () => {
      await configure({ credsStore: 'graupel-test' })
      const found = await answer('<token>', 'registry.example/a')
      expect(found).toMatchObject({ password: '', identitytoken: 'get registry.example' })
    })
  })
})

it.each([
  ['ubuntu', 'https://index.docker.io/v1/'],
  ['someone/image:tag', 'https://index.docker.io/v1/'],
  ['docker.io/someone/image', 'https://index.docker.io/v1/'],
  ['localhost/a', 'localhost'],
  ['127.0.0.1:5000/a@sha256:00', '127.0.0.1:5000'],
])('the registry of %s is %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry)
})
