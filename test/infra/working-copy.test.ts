import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { deployedConfiguration } from '../../client/src/cli/deploy/deployed-configuration.ts'
import { choicesSchema } from '../../client/src/cli/deploy/deployment.ts'
import { writeWorkingCopy } from '../../client/src/cli/deploy/working-copy.ts'
import { terraformEnvironment } from '../../client/src/cli/terraform/terraform.ts'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { testFileOf } from './evaluate-module.ts'
import { moduleFolder } from './module-files.ts'
import { startStandInProvider } from './provider/stand-in-provider.ts'
import { whyNoTerraform } from './terraform.ts'

const reason = whyNoTerraform()
if (reason !== undefined) console.log(`what deploy hands to Terraform is not tried here: ${reason}`)

const makeFolder = useTemporaryFolders()
const run = promisify(execFile)
const messageSchema = z.looseObject({
  test_state: z.object({ outputs: z.record(z.string(), z.object({ value: z.unknown() })) }).optional(),
})

/** One of everything that can be chosen. */
const choices = choicesSchema.parse({
  project: 'my-project',
  prefix: 'graupel-two',
  region: 'europe-west1',
  lanes: 2,
  machines: { families: ['n2'], cores: 8, disk_gb: 60, max_hours: 2, max_per_pool: 5, max_jobs: 1 },
  submitters: ['user:me@example.com'],
  alert_emails: ['me@example.com'],
  input_buckets: ['my-inputs'],
  output_buckets: ['my-outputs'],
  batch_files_days: 7,
  subnets: { 'europe-west1': '10.0.0.0/20', 'us-east1': '10.0.16.0/20' },
  limits: {
    cpus_in_all: 640,
    cpus_per_batch: 64.5,
    dollars_per_batch: 25,
    dollars_per_hour: 12.5,
    machines_in_all: 40,
    on_demand_after_minutes: 5,
  },
  nat: true,
  budget: { billing_account: '012345-6789AB-CDEF01', amount: 500 },
  docker_hub_login: { username: 'me', secret_version: 'projects/my-project/secrets/docker-hub/versions/1' },
  generation: 'a1b2',
  worker_image: 'my/agent',
  service_key_version: 3,
})

describe.skipIf(reason !== undefined)('what graupel deploy hands to Terraform', () => {
  test('the module takes every choice, and its outputs are settings that programs can use', async () => {
    const folder = await makeFolder()
    const functions = join(await makeFolder(), 'functions')
    await mkdir(functions)
    await writeFile(join(functions, 'functions.js'), 'export {}')
    const state = { kind: 'bucket', bucket: 'my-state' } as const
    const cloudInit = join(moduleFolder, '../worker-vm/image/cloud-init.yaml')
    const assets = { module: moduleFolder, functions, worker: functions, cloudInit }
    writeWorkingCopy(folder, { assets, choices, state })
    await mkdir(join(folder, 'tests'))
    // Only what every test file says: all the rest comes from the file of the choices.
    await writeFile(join(folder, 'tests/taken.tftest.hcl'), testFileOf('', 'apply'))
    await writeFile(join(folder, 'none.tfrc'), '')
    const provider = await startStandInProvider()
    try {
      const env = {
        ...terraformEnvironment(process.env),
        ...provider.environment,
        TF_CLI_CONFIG_FILE: join(folder, 'none.tfrc'),
      }
      const terraform = (...args: string[]) => run('terraform', args, { cwd: folder, env, maxBuffer: 2 ** 26 })
      await terraform('init', '-backend=false', '-input=false')
      const { stdout } = await terraform('test', '-json', '-verbose')
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
      const taken = lines
        .map((line) => messageSchema.parse(JSON.parse(line)).test_state)
        .find((one) => one !== undefined)
      const outputs = Object.entries(taken?.outputs ?? {}).map(([name, { value }]) => [name, value] as const)
      expect(deployedConfiguration(Object.fromEntries(outputs), choices)).toEqual({
        project: 'my-project',
        region: 'europe-west1',
        database: 'graupel-two',
        remoteTmpdir: expect.stringMatching(/^gs:\/\/.+\/batches$/),
        regions: ['europe-west1', 'us-east1'],
        lanes: 2,
        topicPrefix: 'graupel-two',
      })
    } finally {
      provider.close()
    }
  })
})
