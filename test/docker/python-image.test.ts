import { Batch, buildPythonImage, InvalidBatchError, LocalBackend, ServiceError } from 'graupel'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { quiet } from '../suites/home.ts'
import { findPython, makePythonBase } from './python-base.ts'
import { docker, reasonToSkip, removeImage } from './tiny-image.ts'
import { TinyRegistry } from './tiny-registry.ts'

const baseImage = `graupel-python-${crypto.randomUUID()}`
const python = (await reasonToSkip()) === undefined ? await findPython() : undefined
const makeFolder = useTemporaryFolders()

describe.skipIf(python === undefined)('buildPythonImage', () => {
  const built: string[] = []
  /** Builds under a name of this test's own, which goes with it. */
  const build = (name: string, options: Parameters<typeof buildPythonImage>[1]) => {
    built.push(name)
    return buildPythonImage(name, { baseImage, ...options })
  }
  const freshName = () => `graupel-built-${crypto.randomUUID()}:1`

  beforeAll(async () => {
    if (python !== undefined) await makePythonBase(baseImage, python)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    for (const name of built.splice(0)) await removeImage(name)
  })
  afterAll(() => removeImage(baseImage))

  /** What a job in an image prints. */
  const printedIn = async (image: string, script: string): Promise<string> => {
    await using backend = new LocalBackend({ tmpDir: await makeFolder(), cpus: 1 })
    const batch = new Batch({ backend, defaultShell: '/bin/sh' })
    const job = batch.newJob({ name: 'print', image }).command(script)
    const run = await batch.run(quiet)
    return await run.job(job).log()
  }

  test('makes an image whose jobs have the packages', async () => {
    const name = freshName()
    expect(await build(name, { requirements: ['greeting == 1.0; python_version > "3"'] })).toBe(name)
    expect(await printedIn(name, 'python3 -c "import greeting; print(greeting.text)"')).toBe('hello from a package\n')
  })

  test('gives the base image a name of its own where nothing is to be installed', async () => {
    const name = await build(freshName(), {})
    expect((await docker.getImage(name).inspect()).Id).toBe((await docker.getImage(baseImage).inspect()).Id)
  })

  test('prints what Docker says only if it is asked to', async () => {
    const print = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await build(freshName(), {})
    expect(print).not.toHaveBeenCalled()
    await build(freshName(), { showDockerOutput: true })
    expect(print.mock.calls.join('')).toMatch(/^Step 1\/1 : FROM graupel-python-.*Successfully tagged graupel-built-/s)
  })

  test('tells in pip’s last lines why a requirement cannot be installed', async () => {
    const name = freshName()
    const error = await build(name, { requirements: ['greeting', 'nosuchthing>=2'] }).catch((caught) => caught)
    expect(error).toBeInstanceOf(InvalidBatchError)
    expect(error.message).toContain(
      `The image '${name}' cannot be built on ${baseImage}: pip cannot install greeting, nosuchthing>=2. Its last lines:\n`,
    )
    expect(error.message).toContain('ERROR: No matching distribution found for nosuchthing>=2')
  })

  test('names a base image that cannot be had', async () => {
    const build404 = build(freshName(), { baseImage: '127.0.0.1:1/none:here', requirements: ['greeting'] })
    await expect(build404).rejects.toThrow(InvalidBatchError)
    await expect(build404).rejects.toThrow(/cannot be built on 127\.0\.0\.1:1\/none:here: .*Check that name, and this/)
  })

  test('says what to do when Docker is not there', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${await makeFolder()}/none.sock`)
    const failed = build(freshName(), {})
    await expect(failed).rejects.toThrow(ServiceError)
    await expect(failed).rejects.toThrow(/Docker cannot be reached .* see that 'docker info' works for this user/)
  })

  describe('pushes', () => {
    const registry = new TinyRegistry()
    let host = ''
    beforeAll(async () => {
      host = await registry.listen()
    })
    afterAll(() => registry.close())

    test('an image with a / in its name to the registry that it names, from where a job gets it', async () => {
      const name = await build(`${host}/team/greeter:2`, { requirements: ['greeting'] })
      expect([...registry.manifests.keys()]).toContain('team/greeter:2')
      await removeImage(name)
      expect(await printedIn(name, 'python3 -c "import greeting; print(greeting.text)"')).toBe('hello from a package\n')
    })

    test('or says that it needs the program docker for it', async () => {
      vi.stubEnv('PATH', '/nowhere')
      const failed = build(`${host}/team/unsent:1`, {})
      await expect(failed).rejects.toThrow(ServiceError)
      await expect(failed).rejects.toThrow(/has been built, but the program docker, which pushes it, is not installed/)
    })

    test('or says why that does not take it', async () => {
      registry.isClosed = true
      const failed = build(`${host}/team/closed:1`, {})
      await expect(failed).rejects.toThrow(ServiceError)
      await expect(failed).rejects.toThrow(/'127[^']*closed:1' has been built, but cannot be pushed: .*'docker login'/s)
    })
  })
})
