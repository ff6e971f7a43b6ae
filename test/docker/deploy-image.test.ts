import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useCommandBed } from '../cli/deploy/command-bed.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'
import { TinyRegistry } from './tiny-registry.ts'

const isMachineLike = process.arch === 'x64'
const canRun = (await reasonToSkip()) === undefined && isMachineLike
const bed = useCommandBed()

describe.skipIf(!canRun)('graupel deploy builds the image of the agent', () => {
  const base = `graupel-deploy-base-${crypto.randomUUID()}`
  const built = new Set<string>()
  let registry: TinyRegistry
  let host: string

  beforeAll(() => makeImage(base, ['sh', 'cat']))
  afterAll(() => removeImage(base))
  beforeEach(async () => {
    registry = new TinyRegistry()
    // As Google's registries take the token of whoever is logged in; a stand-in of Google's APIs has this one.
    registry.login = 'oauth2accesstoken:stand-in'
    host = await registry.listen()
    bed.set({ GRAUPEL_IMAGE_REGISTRY: host })
    bed.google.imageDigest = undefined
    bed.google.hasRepository = false
    await writeContext('1')
  })
  afterEach(async () => {
    registry.close()
    for (const name of built) await removeImage(name)
    built.clear()
  })

  async function writeContext(version: string, step = 'true'): Promise<void> {
    await writeFile(join(bed.folder(), 'worker/worker.js'), `export const version = ${version}\n`)
    await writeFile(join(bed.folder(), 'worker/Dockerfile'), `FROM ${base}\nCOPY worker.js /\nRUN ${step}\n`)
  }

  async function deploy(...args: string[]) {
    const result = await bed.run('deploy', '--project', 'my-project', '--no-verify', '--yes', '--json', ...args)
    const [, reference = ''] =
      /^(?:Machines run|The agent's image is built here .* pushed as) (.+?)[,.]?(?: which .*)?$/m.exec(result.stderr) ??
      []
    built.add(reference)
    return { ...result, reference }
  }
  const pushed = () => [...registry.manifests.keys()].filter((name) => !name.includes('sha256:'))

  test('and pushes it with the token of the login, by the name that the machines are told', async () => {
    const { exitCode, stderr, reference } = await deploy()
    expect(exitCode, stderr).toBe(0)
    expect(reference).toMatch(new RegExp(`^${host}/my-project/graupel-images/worker:[0-9a-f]{16}$`))
    expect(pushed()).toEqual([reference.slice(`${host}/`.length)])
    expect(stderr).toMatch(/^ {2}Step 2\/3 : COPY worker\.js \/$/m)
    const variables: unknown = JSON.parse(
      await readFile(join(bed.folder(), 'data/graupel/deployments/my-project/graupel/terraform.tfvars.json'), 'utf8'),
    )
    expect(variables).toMatchObject({ worker_image: reference })
    expect(await docker.getImage(reference).inspect()).toMatchObject({ Os: 'linux', Architecture: 'amd64' })
  })

  test('once for each content', async () => {
    const first = await deploy()
    bed.google.imageDigest = 'sha256:there'
    registry.isClosed = true
    const same = await deploy()
    expect(same.exitCode, same.stderr).toBe(0)
    expect(same.reference).toBe(first.reference)
    expect(same.stderr).not.toContain('Step 1')
    registry.isClosed = false
    bed.google.imageDigest = undefined
    await writeContext('2')
    const changed = await deploy()
    expect(changed.reference).not.toBe(first.reference)
    expect(pushed()).toHaveLength(2)
  })

  test('and changes nothing if it cannot', async () => {
    await writeContext('1', 'cat /not-there')
    const { exitCode, stderr } = await deploy()
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/The agent's image cannot be built\. Docker's last lines:\n[\s\S]*not-there/)
    expect((await bed.terraformCalls()).map(({ command }) => command)).toEqual(['init', 'plan'])
    expect(pushed()).toEqual([])
  })

  test('before machines are told of it, where there is a repository already, and after it is made, where not', async () => {
    await bed.tell('fail-apply', 'googleapi: Error 500')
    expect((await deploy()).exitCode).toBe(6)
    expect(pushed()).toEqual([])
    bed.google.hasRepository = true
    expect((await deploy()).exitCode).toBe(6)
    expect(pushed()).toHaveLength(1)
  })

  test('and says what to do where the registry does not take it', async () => {
    registry.login = 'somebody:else'
    const { exitCode, stderr } = await deploy()
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/The agent's image has been built, but 127\S+ does not take it: .*artifactregistry\.writer/s)
  })
})
