import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { runGraupel } from '../run-graupel.ts'

const makeFolder = useTemporaryFolders()
let folder: string
beforeEach(async () => {
  folder = await makeFolder()
})

const config = (args: readonly string[], env: Record<string, string> = {}) =>
  runGraupel(['config', ...args], { XDG_CONFIG_HOME: folder, ...env })
const path = () => join(folder, 'graupel', 'config.json')

describe('graupel config', () => {
  test('what is set can be got, listed and unset', async () => {
    expect((await config(['set', 'project', 'my-project'])).exitCode).toBe(0)
    expect((await config(['set', 'regions', 'us-east1, us-west1'])).exitCode).toBe(0)
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({
      project: 'my-project',
      regions: ['us-east1', 'us-west1'],
    })
    expect((await config(['get', 'regions'])).stdout).toBe('us-east1,us-west1\n')
    expect((await config(['list'])).stdout).toMatch(/^project +my-project +file$/m)
    expect((await config(['unset', 'project'])).exitCode).toBe(0)
    expect(await config(['get', 'project'])).toMatchObject({ exitCode: 3, stdout: '' })
  })

  test('only the user can read the file', async () => {
    await config(['set', 'lanes', '4'])
    expect((await stat(path())).mode & 0o077).toBe(0)
  })

  test('the environment beats the file, and it says so', async () => {
    const env = { GRAUPEL_PROJECT: 'of-environment' }
    const { stderr } = await config(['set', 'project', 'of-file'], env)
    expect(stderr).toContain('GRAUPEL_PROJECT beats the file')
    const { stdout } = await config(['get', 'project', '--json'], env)
    expect(JSON.parse(stdout)).toEqual({ name: 'project', value: 'of-environment', from: 'GRAUPEL_PROJECT' })
  })

  test('what nobody has set is told with its default, or as null', async () => {
    const { stdout } = await config(['list', '--json'], { GOOGLE_CLOUD_PROJECT: 'of-google' })
    const settings = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(settings).toContainEqual({ name: 'database', value: '(default)', from: 'default' })
    expect(settings).toContainEqual({ name: 'project', value: 'of-google', from: 'GOOGLE_CLOUD_PROJECT' })
    expect(settings).toContainEqual({ name: 'bucket', value: null, from: 'nowhere' })
  })

  const refusals = [
    { args: ['set', 'projekt', 'x'], says: "There is no setting 'projekt': the settings are project, region," },
    { args: ['set', 'lanes', 'many'], says: "'many' is no lanes: write a whole number" },
    { args: ['set', 'lanes', '0'], says: "'0' is no lanes: write a number of at least 1" },
    { args: ['set', 'remoteTmpdir', '/tmp'], says: "'/tmp' is no remoteTmpdir: write gs://bucket/folder" },
    { args: ['set', 'regions', ','], says: "',' is no regions: write regions separated by commas, or 'any'" },
  ]
  for (const { args, says } of refusals)
    test(`${args.join(' ')} is refused and nothing is written`, async () => {
      const { exitCode, stdout, stderr } = await config(args)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain(says)
      await expect(readFile(path())).rejects.toThrow(/ENOENT/)
    })

  test('a file that cannot be used is named, and left as it is', async () => {
    await config(['set', 'lanes', '4'])
    await writeFile(path(), '{ lanes: 4')
    const { exitCode, stderr } = await config(['set', 'lanes', '8'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`The configuration file ${path()} cannot be used`)
    expect(await readFile(path(), 'utf8')).toBe('{ lanes: 4')
  })
})
