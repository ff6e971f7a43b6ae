import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Batch, InvalidBatchError, ServiceBackend } from 'graupel'
import { beforeAll, describe, expect, test } from 'vitest'
import { placeRegions } from '../../../client/src/backends/service/place-regions.ts'
import { readServiceConfiguration } from '../../../client/src/backends/service/service-configuration.ts'
import { specOf } from '../../dsl/script-of.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()
let home = ''

beforeAll(async () => {
  home = await makeFolder()
  await mkdir(join(home, 'graupel'))
  const file = { project: 'of-file', database: 'of-file', remoteTmpdir: 'gs://of-file/tmp/', lanes: 2 }
  await writeFile(join(home, 'graupel', 'config.json'), JSON.stringify(file))
})

const withFile = (environment: Record<string, string> = {}) => ({ XDG_CONFIG_HOME: home, ...environment })
const withoutFile = (environment: Record<string, string> = {}) => ({ XDG_CONFIG_HOME: '/nowhere', ...environment })

describe('the configuration of ServiceBackend', () => {
  test('takes options before the environment, that before the file, and that before defaults', () => {
    const environment = withFile({ GRAUPEL_PROJECT: 'of-environment', GRAUPEL_DATABASE: 'of-environment' })
    expect(readServiceConfiguration({ project: 'of-options' }, environment)).toMatchObject({
      project: 'of-options',
      database: 'of-environment',
      remoteTmpdir: 'gs://of-file/tmp',
      lanes: 2,
      topicPrefix: 'graupel',
    })
  })

  test('takes an empty variable for none', () => {
    expect(readServiceConfiguration({}, withFile({ GRAUPEL_PROJECT: '', FIRESTORE_EMULATOR_HOST: '' }))).toMatchObject({
      project: 'of-file',
      firestoreHost: undefined,
    })
  })

  test('takes a bucket for a folder in it', () => {
    const { remoteTmpdir } = readServiceConfiguration({ project: 'p', bucket: 'b' }, withoutFile())
    expect(remoteTmpdir).toBe('gs://b/batches')
  })

  test('tells the regions that it was given', async () => {
    const environment = withFile({ GRAUPEL_REGIONS: 'us-east1, us-west1' })
    const backend = new ServiceBackend({}, environment)
    expect(await backend.supportedRegions()).toEqual(['us-east1', 'us-west1'])
    expect(await backend.defaultRegion()).toBe('us-east1')
    await expect(new ServiceBackend({}, withFile()).defaultRegion()).rejects.toThrow(/GRAUPEL_REGIONS/)
  })

  test('a job runs in its own regions, else its batch’s, its backend’s, those of the environment, of the file', async () => {
    const folder = await makeFolder()
    await mkdir(join(folder, 'graupel'))
    const file = { project: 'p', bucket: 'b', regions: ['of-file'] }
    await writeFile(join(folder, 'graupel', 'config.json'), JSON.stringify(file))
    const levels = {
      job: ['of-job'],
      batch: ['of-batch'],
      backend: ['of-backend'],
      environment: 'of-environment',
    }
    const regionsWith = ({ job, batch, backend, environment }: Partial<typeof levels>) => {
      const described = new Batch({ defaultRegions: batch })
      described.newJob({ regions: job })
      const variables = { XDG_CONFIG_HOME: folder, GRAUPEL_REGIONS: environment }
      const { regions } = readServiceConfiguration({ regions: backend }, variables)
      return placeRegions(specOf(described), regions).jobs[0]?.template.regions
    }
    const { job, batch, backend, environment } = levels
    expect(regionsWith(levels)).toEqual(job)
    expect(regionsWith({ batch, backend, environment })).toEqual(batch)
    expect(regionsWith({ backend, environment })).toEqual(backend)
    expect(regionsWith({ environment })).toEqual([environment])
    expect(regionsWith({})).toEqual(['of-file'])
  })

  test.each([
    ['a project', {}, /project: pass new ServiceBackend\(\{ project \}\), set GRAUPEL_PROJECT/],
    ['a folder', { GRAUPEL_PROJECT: 'p' }, /remoteTmpdir.*GRAUPEL_REMOTE_TMPDIR/],
    ['a folder in Cloud Storage', { GRAUPEL_PROJECT: 'p', GRAUPEL_REMOTE_TMPDIR: '/tmp' }, /'\/tmp' is not in Cloud/],
    [
      'a number of lanes',
      { GRAUPEL_PROJECT: 'p', GRAUPEL_REMOTE_TMPDIR: 'gs://b', GRAUPEL_LANES: 'many' },
      /GRAUPEL_LANES is 'many'/,
    ],
  ])('says what to do without %s', (_, environment, message) => {
    expect(() => new ServiceBackend({}, withoutFile(environment))).toThrow(InvalidBatchError)
    expect(() => new ServiceBackend({}, withoutFile(environment))).toThrow(message)
  })

  test('names a file that cannot be used', async () => {
    const folder = await makeFolder()
    await mkdir(join(folder, 'graupel'))
    await writeFile(join(folder, 'graupel', 'config.json'), '{ "lanes": "two" }')
    expect(() => new ServiceBackend({}, { XDG_CONFIG_HOME: folder })).toThrow(/config\.json cannot be used[\s\S]*lanes/)
  })
})
