import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useCommandBed } from './command-bed.ts'

const bed = useCommandBed()
const deploy = (...args: string[]) => bed.run('deploy', '--project', 'my-project', '--no-verify', ...args)
const working = () => join(bed.folder(), 'data', 'graupel', 'deployments', 'my-project', 'graupel')
const ownImage = /^us-central1-docker\.pkg\.dev\/my-project\/graupel-images\/worker:[0-9a-f]{16}$/
const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

describe('graupel deploy', () => {
  test('it plans, tells what it makes and costs, applies, and writes the settings of programs', async () => {
    const { exitCode, stdout, stderr } = await deploy('--yes', '--lanes', '4', '--submitter', 'user:me@example.com')
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toContain('It makes 8, changes 0, deletes 0.')
    expect(stderr).toMatch(/While no batch runs it costs, a month:[\s\S]*\$0\.38 {2}in all/)
    expect(stderr).toContain('google_storage_bucket.batches: Creation complete')
    expect(stderr).toMatch(/Jobs act on Google Cloud as graupel-job@[a-z0-9-]+\.iam\.gserviceaccount\.com;/)
    expect(await readJson(bed.config())).toEqual({
      project: 'my-project',
      region: 'us-central1',
      database: 'graupel',
      remoteTmpdir: 'gs://my-project-graupel-batches/batches',
      regions: ['us-central1'],
      lanes: 4,
      topicPrefix: 'graupel',
    })
    const commands = (await bed.terraformCalls()).map(({ command }) => command)
    expect(commands).toEqual(['init', 'plan', 'apply', 'output'])
  })

  test('the folder that Terraform works in has the module, the functions, the choices, and the state in a bucket', async () => {
    await deploy(
      '--yes',
      '--machine-family',
      'n2',
      '--machine-family',
      'e2',
      '--machine-cores',
      '8',
      '--max-machines',
      '7',
      '--nat',
    )
    const files = await readdir(working())
    expect(files).toEqual(expect.arrayContaining(['variables.tf', 'functions', 'backend.tf.json']))
    expect(files).not.toContain('tests')
    expect(await readJson(join(working(), 'terraform.tfvars.json'))).toEqual({
      project: 'my-project',
      prefix: 'graupel',
      region: 'us-central1',
      lanes: 8,
      machines: { families: ['n2', 'e2'], cores: 8, max_per_pool: 7 },
      nat: true,
      worker_image: expect.stringMatching(ownImage),
      generation: expect.stringMatching(/^[a-z0-9]{4}$/),
      functions_source: './functions',
      worker_cloud_init: expect.stringContaining('#cloud-config'),
    })
    expect(await readJson(join(working(), 'backend.tf.json'))).toEqual({
      terraform: { backend: { gcs: { bucket: 'my-project-graupel-state', prefix: 'terraform' } } },
    })
    expect([...bed.google.buckets.keys()]).toEqual(['my-project-graupel-state'])
  })

  test('every run of Terraform has a key, which is in no file, and nothing of what was set for other work', async () => {
    bed.set({ TF_VAR_lanes: '64', TF_CLI_ARGS: '-lock=false', TF_WORKSPACE: 'other' })
    await deploy('--yes')
    const calls = await bed.terraformCalls()
    expect(
      calls.every(({ hasKey, foreign }) => hasKey && foreign.length === 0),
      JSON.stringify(calls),
    ).toBe(true)
    for (const name of ['terraform.tfvars.json', 'backend.tf.json'])
      expect(await readFile(join(working(), name), 'utf8')).not.toContain('service_key"')
  })

  test('what was chosen before is chosen again, by whoever deploys next', async () => {
    await deploy('--yes', '--lanes', '16', '--machine-family', 'n2')
    bed.set({ XDG_DATA_HOME: join(bed.folder(), 'another machine') })
    const { stdout } = await deploy('--plan', '--json', '--max-machines', '5')
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'planned',
      choices: { lanes: 16, machines: { families: ['n2'], max_per_pool: 5 } },
      plan: { add: 0, change: 0, remove: 0, losses: [] },
      idleUsdPerMonth: expect.closeTo(0.38, 2),
    })
  })

  test("Pub/Sub's own identity is asked for before Terraform grants it anything, and is not waited for", async () => {
    const asked = 'POST serviceusage/v1beta1/projects/my-project/services/pubsub.googleapis.com:generateServiceIdentity'
    await deploy('--plan')
    expect(bed.google.calls).not.toContain(asked)
    bed.google.denied.add('identities')
    const { exitCode, stderr } = await deploy('--yes')
    expect(bed.google.calls).toContain(asked)
    expect(stderr).toMatch(/Pub\/Sub's own identity could not be asked for: .*deploy again[\s\S]*Creation complete/)
    expect(exitCode).toBe(0)
  })

  test('what is lifted by none is not told to the module any more', async () => {
    const secret = 'projects/my-project/secrets/docker-hub/versions/1'
    const chosen = ['--budget', '012345-6789AB-CDEF01=500', '--docker-hub-login', `me=${secret}`]
    await deploy('--yes', ...chosen, '--max-jobs-per-machine', '1')
    expect(await readJson(join(working(), 'terraform.tfvars.json'))).toMatchObject({
      budget: { billing_account: '012345-6789AB-CDEF01', amount: 500 },
      docker_hub_login: { username: 'me', secret_version: secret },
      machines: { max_jobs: 1 },
    })
    await deploy('--yes', '--budget', 'none', '--docker-hub-login', 'none', '--max-jobs-per-machine', 'none')
    const after = z.record(z.string(), z.unknown()).parse(await readJson(join(working(), 'terraform.tfvars.json')))
    expect([after.budget, after.docker_hub_login, after.machines]).toEqual([undefined, undefined, {}])
  })

  test('with --plan, or without a terminal to ask, nothing is applied', async () => {
    const planned = await deploy('--plan')
    expect(planned.exitCode).toBe(0)
    const unasked = await deploy()
    expect(unasked.exitCode).toBe(5)
    expect(unasked.stderr).toContain('there is no terminal to ask; add --yes')
    expect((await bed.terraformCalls()).map(({ command }) => command)).toEqual(['init', 'plan', 'init', 'plan'])
  })

  test('with --local-state there is no bucket, and the choices stay on this machine', async () => {
    await deploy('--yes', '--local-state', '--lanes', '2')
    const { stdout } = await deploy('--plan', '--json', '--local-state')
    expect(JSON.parse(stdout)).toMatchObject({ choices: { lanes: 2 } })
    expect(bed.google.buckets.size).toBe(0)
  })

  test('a new key raises its version', async () => {
    await deploy('--yes')
    const { stdout } = await deploy('--plan', '--json', '--rotate-key')
    expect(JSON.parse(stdout)).toMatchObject({ choices: { service_key_version: 2 } })
  })

  test("a permission that is missing stops it before anything is made, with the permission's name", async () => {
    bed.google.permissions.delete('iam.roles.create')
    const { exitCode, stderr } = await deploy('--yes')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('iam.roles.create: not granted\n  → ask for a role with iam.roles.create')
    expect(await bed.terraformCalls()).toEqual([])
    expect(bed.google.buckets.size).toBe(0)
  })

  test('where Google cannot be asked about the project it stops, too', async () => {
    bed.set({ GRAUPEL_GOOGLE_API_URL: 'http://127.0.0.1:9' })
    const { exitCode, stderr } = await deploy('--yes')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('project: cloudresourcemanager.googleapis.com cannot be reached')
    expect(await bed.terraformCalls()).toEqual([])
  })

  test("Terraform's own words about a failure are passed on, with an exit code of its own, and the choices are kept", async () => {
    await bed.tell('fail-apply', 'googleapi: Error 409: topic exists')
    const { exitCode, stderr } = await deploy('--yes', '--lanes', '2')
    expect(exitCode).toBe(6)
    expect(stderr).toContain('terraform apply failed:')
    expect(stderr).toContain('Error creating Topic\n  googleapi: Error 409: topic exists')
    expect(JSON.parse((await deploy('--plan', '--json')).stdout)).toMatchObject({ choices: { lanes: 2 } })
  })

  test('files of an older module are not left in the folder', async () => {
    await deploy('--plan')
    await writeFile(join(working(), 'old.tf'), '')
    await deploy('--plan')
    expect(await readdir(working())).not.toContain('old.tf')
  })

  test('at its end doctor looks at the service, and its findings decide the exit code', async () => {
    const { exitCode, stderr } = await bed.run('deploy', '--project', 'my-project', '--yes')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/FAIL {2}functions: graupel-kernel-0 is not there/)
    expect(stderr).toMatch(/^- {5}a batch of one job: not looked at: functions comes first$/m)
  })

  test('without Terraform, or with an old one, it says where to get it', async () => {
    await bed.tell('version.json', '"1.9.0"')
    const old = await deploy('--yes')
    expect(old.exitCode).toBe(2)
    expect(old.stderr).toContain('terraform in PATH is 1.9.0, and 1.11 or later is needed: get it from https://')
    bed.set({ PATH: '/nonexistent' })
    expect((await deploy('--yes')).stderr).toContain('There is no terraform in PATH: get it from https://developer.')
  })

  test('the image of the agent is called by what it is built from, and one that is pushed is not built again', async () => {
    const { stdout, stderr } = await deploy('--plan', '--json')
    const { image, choices } = JSON.parse(stdout)
    expect(image).toEqual({ reference: expect.stringMatching(ownImage), state: 'pushed' })
    expect(choices).toMatchObject({ worker_image: image.reference })
    expect(stderr).toContain(`Machines run ${image.reference}, which the registry has.`)
    await writeFile(join(bed.folder(), 'worker', 'worker.js'), 'export const version = 2')
    const changed = JSON.parse((await deploy('--plan', '--json')).stdout)
    expect(changed.image.reference).toMatch(ownImage)
    expect(changed.image.reference).not.toBe(image.reference)
  })

  test('a plan tells what would be built, and what becomes of machines that live', async () => {
    bed.google.imageDigest = undefined
    const { exitCode, stdout, stderr } = await deploy('--plan', '--json', '--machine-family', 'n2')
    expect(exitCode).toBe(0)
    const { reference, state } = JSON.parse(stdout).image
    expect(state).toBe('missing')
    expect(stderr).toContain(`The agent's image is built here by Docker, for linux/amd64, and pushed as ${reference}.`)
    expect(stderr).toContain('Those that live keep theirs until they end, after 24 hours at the latest.')
  })

  test('without Docker a plan says so, and nothing is made', async () => {
    bed.google.imageDigest = undefined
    bed.set({ DOCKER_HOST: `unix://${bed.folder()}/none.sock` })
    const says = 'Docker cannot be reached (connect ENOENT'
    const remedy =
      "Start Docker and see that 'docker info' works for this user, or name an image that is in a registry already"
    const planned = await deploy('--plan')
    expect(planned.exitCode).toBe(0)
    expect(planned.stderr).toContain(says)
    const before = await bed.terraformCalls()
    const { exitCode, stderr } = await deploy('--yes')
    expect(exitCode).toBe(4)
    expect(stderr).toContain("Nothing is done. The agent's image must be built, and")
    expect(stderr).toContain(remedy)
    expect(await bed.terraformCalls()).toEqual(before)
  })

  test('an image that was named is run until none is named, and needs no Docker', async () => {
    bed.google.imageDigest = undefined
    bed.set({ DOCKER_HOST: `unix://${bed.folder()}/none.sock` })
    const named = await deploy('--yes', '--worker-image', 'europe-docker.pkg.dev/other/agents/mine:3')
    expect(named.exitCode, named.stderr).toBe(0)
    expect(named.stderr).toContain('Machines run europe-docker.pkg.dev/other/agents/mine:3, as you chose.')
    const again = JSON.parse((await deploy('--plan', '--json')).stdout)
    expect(again.image).toEqual({ reference: 'europe-docker.pkg.dev/other/agents/mine:3', state: 'chosen' })
    const own = JSON.parse((await deploy('--plan', '--json', '--worker-image', 'none')).stdout)
    expect(own.image).toEqual({ reference: expect.stringMatching(ownImage), state: 'missing' })
  })

  test('limits are kept, changed one by one, and lifted by none', async () => {
    const first = ['--max-cores-in-all', '640', '--max-machines-in-all', '40', '--max-dollars-per-hour', '12.5']
    const second = ['--max-cores-per-batch', '64', '--max-dollars-per-batch', '25', '--on-demand-after', 'never']
    await deploy('--yes', ...first, ...second)
    const limits = {
      cpus_in_all: 640,
      machines_in_all: 40,
      dollars_per_hour: 12.5,
      cpus_per_batch: 64,
      dollars_per_batch: 25,
      on_demand_after_minutes: 'never',
    }
    expect(await readJson(join(working(), 'terraform.tfvars.json'))).toMatchObject({ limits })
    const changed = ['--max-cores-in-all', 'none', '--max-dollars-per-batch', '0', '--on-demand-after', 'none']
    await deploy('--yes', ...changed)
    expect(await readJson(join(working(), 'terraform.tfvars.json'))).toMatchObject({
      limits: { machines_in_all: 40, dollars_per_hour: 12.5, cpus_per_batch: 64, dollars_per_batch: 0 },
    })
    const { cpus_in_all, on_demand_after_minutes } = JSON.parse((await deploy('--plan', '--json')).stdout).choices
      .limits
    expect([cpus_in_all, on_demand_after_minutes]).toEqual([undefined, undefined])
  })

  const refusals = [
    { args: ['--lanes', '3'], says: 'write a power of two from 1 to 64' },
    { args: ['--prefix', 'My_Prefix'], says: 'write 4 to 16 small letters, digits and hyphens' },
    { args: ['--prefix', 'my-spot'], says: 'leave out -spot and -standard' },
    { args: ['--region', 'us-central1-a'], says: 'write a region such as us-central1, not a zone' },
    { args: ['--machine-cores', '12'], says: 'write 2, 4, 8 or 16' },
    { args: ['--machine-family', 'n2-standard-16'], says: 'write a family of machines, such as n2d' },
    { args: ['--subnet', 'us-east1'], says: "--subnet 'us-east1' is no range: write region=10.128.0.0/18" },
    { args: ['--alert-email', 'nobody'], says: 'write an e-mail address' },
    { args: ['--budget', '500'], says: "--budget '500' is no budget: write account=amount, or none" },
    { args: ['--budget', 'mine=500'], says: 'write a billing account such as 012345-6789AB-CDEF01' },
    { args: ['--max-jobs-per-machine', '0'], says: 'max_jobs' },
    { args: ['--docker-hub-login', 'me'], says: "--docker-hub-login 'me' is no login: write user=projects/" },
    { args: ['--batch-files-days', '1'], says: 'write at least 7 days' },
    { args: ['--worker-image', 'My Agent'], says: 'write the name of an image, such as host/folder/agent:1' },
    { args: ['--max-cores-in-all', 'many'], says: 'write a number of cores' },
    { args: ['--max-cores-per-batch', '-1'], says: 'write a number of cores, not below 0' },
    { args: ['--max-machines-in-all', '1.5'], says: 'write a whole number of machines' },
    { args: ['--max-dollars-per-hour', ''], says: 'write an amount of dollars' },
    { args: ['--max-dollars-per-batch', '$5'], says: 'write an amount of dollars' },
    { args: ['--on-demand-after', 'soon'], says: 'write a number of minutes, not below 0, or never' },
  ]
  for (const { args, says } of refusals)
    test(`${args.join(' ')} is refused before anything is made`, async () => {
      const { exitCode, stderr } = await deploy('--yes', ...args)
      expect(exitCode).toBe(2)
      expect(stderr).toContain(says)
      expect(await bed.terraformCalls()).toEqual([])
    })

  test('a deployment does not move to another region', async () => {
    await deploy('--yes')
    const { exitCode, stderr } = await deploy('--yes', '--region', 'europe-west1')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('The deployment is in us-central1, and data does not move')
  })
})
