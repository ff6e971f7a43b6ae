import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useCommandBed } from '../deploy/command-bed.ts'

const bed = useCommandBed()
const service = {
  GRAUPEL_PROJECT: 'my-project',
  GRAUPEL_DATABASE: 'graupel',
  GRAUPEL_REMOTE_TMPDIR: 'gs://my-project-graupel-batches/batches',
  GRAUPEL_REGIONS: 'us-central1,us-east1',
  GRAUPEL_REGION: 'us-central1',
  GRAUPEL_LANES: '2',
}
const findingSchema = z.object({ id: z.string(), state: z.string(), detail: z.string(), remedy: z.string().optional() })

/** A service on which all is well, but that no job is run. */
const deployed = () => {
  bed.set(service)
  bed.google.buckets.set('my-project-graupel-batches', new Map())
  const names = ['kernel-0', 'kernel-1', 'api', 'provision', 'sweep']
  bed.google.lists.set(
    'cloudfunctions/v2/projects/my-project/locations/us-central1/functions',
    names.map((name) => ({
      name: `projects/my-project/locations/us-central1/functions/graupel-${name}`,
      state: 'ACTIVE',
    })),
  )
}

/** What whoever deployed has chosen, where doctor finds it. */
function choose(choices: object): void {
  const place = { project: 'my-project', prefix: 'graupel', region: 'us-central1', lanes: 2 }
  bed.google.buckets.set('my-project-graupel-state', new Map([['choices.json', { ...place, ...choices }]]))
}

async function examine(...args: string[]) {
  const { exitCode, stdout, stderr } = await bed.run('doctor', '--no-smoke', '--json', ...args)
  const lines = stdout.split('\n').filter((line) => line !== '')
  const findings = new Map(
    lines.map((line) => findingSchema.parse(JSON.parse(line))).map((finding) => [finding.id, finding]),
  )
  return { exitCode, stderr, findings }
}

describe('graupel doctor', () => {
  test('finds nothing wrong with a service that is well', async () => {
    deployed()
    const { exitCode, stderr, findings } = await examine()
    const wrong = [...findings.values()].filter(({ state }) => state !== 'ok')
    expect(wrong).toEqual([expect.objectContaining({ id: 'smoke', state: 'skipped' })])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `my-project: ${findings.size - 1} ok, 1 skipped\n` })
    expect([...findings.keys()]).toEqual(expect.arrayContaining(['api:firestore', 'quota:cores', 'image', 'functions']))
  })

  test('tells people a line each, and below it what to do', async () => {
    deployed()
    bed.google.apis.delete('pubsub')
    const { exitCode, stdout } = await bed.run('doctor', '--no-smoke')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^ok {4}project: my-project$/m)
    expect(stdout).toContain(
      'FAIL  API pubsub: not enabled\n      → gcloud services enable pubsub.googleapis.com --project my-project, or deploy again\n',
    )
  })

  const faults: readonly {
    readonly title: string
    readonly break: () => void
    readonly id: string
    readonly state: string
    readonly says: string
    readonly remedy: string
  }[] = [
    {
      title: 'a project that is being deleted',
      break: () => {
        bed.google.project = { ...bed.google.project, state: 'DELETE_REQUESTED' }
      },
      id: 'project',
      state: 'failed',
      says: 'my-project is DELETE_REQUESTED',
      remedy: 'gcloud projects undelete my-project',
    },
    {
      title: 'a project for which nobody pays',
      break: () => {
        bed.google.hasBilling = false
      },
      id: 'billing',
      state: 'failed',
      says: 'nobody pays',
      remedy: 'gcloud billing projects link my-project',
    },
    {
      title: 'quotas that let no machine fit',
      break: () => bed.google.quotas.splice(0, 3, { metric: 'CPUS', limit: 24, usage: 23 }),
      id: 'quota:cores',
      state: 'failed',
      says: 'us-central1: 0 machines by CPUS; us-east1: 0 machines by CPUS: no machine fits',
      remedy: 'iam-admin/quotas?project=my-project',
    },
    {
      title: 'quotas that let smaller machines fit alone',
      break: () => bed.google.quotas.splice(0, 3, { metric: 'CPUS', limit: 24, usage: 16 }),
      id: 'quota:cores',
      state: 'warning',
      says: 'us-central1: 0 machines by CPUS; us-east1: 0 machines by CPUS, but for smaller ones',
      remedy: 'iam-admin/quotas?project=my-project',
    },
    {
      title: 'quotas for fewer machines than are allowed',
      break: () => bed.google.quotas.push({ metric: 'PREEMPTIBLE_CPUS', limit: 32, usage: 0 }),
      id: 'quota:cores',
      state: 'warning',
      says: 'us-east1: 2 machines by PREEMPTIBLE_CPUS, and 100 are allowed',
      remedy: 'iam-admin/quotas',
    },
    {
      title: 'a family of machines with a small quota, though others have more',
      break: () => bed.google.quotas.splice(2, 1, { metric: 'N2D_CPUS', limit: 24, usage: 0 }),
      id: 'quota:n2d',
      state: 'warning',
      says: 'us-central1: 1 machines by N2D_CPUS; us-east1: 1 machines by N2D_CPUS, and 100 are allowed',
      remedy: 'iam-admin/quotas?project=my-project',
    },
    {
      title: 'a family of machines without any quota, though others have some',
      break: () => bed.google.quotas.splice(2, 1, { metric: 'N2D_CPUS', limit: 0, usage: 0 }),
      id: 'quota:n2d',
      state: 'warning',
      says: 'us-central1: 0 machines by N2D_CPUS; us-east1: 0 machines by N2D_CPUS: no machine fits',
      remedy: 'iam-admin/quotas?project=my-project',
    },
    {
      title: 'a project that may have few cores in all its regions',
      break: () => bed.google.projectQuotas.splice(0, 1, { metric: 'CPUS_ALL_REGIONS', limit: 32, usage: 0 }),
      id: 'quota:all-regions',
      state: 'warning',
      says: 'everywhere: 2 machines by CPUS_ALL_REGIONS, and 100 are allowed',
      remedy: 'iam-admin/quotas?project=my-project',
    },
    {
      title: 'documents that may not be read',
      break: () => bed.google.denied.add('documents'),
      id: 'documents',
      state: 'failed',
      says: 'Missing or insufficient permissions.',
      remedy: '--submitter user:<you>',
    },
    {
      title: 'files that may not be written',
      break: () => bed.google.denied.add('files'),
      id: 'files',
      state: 'failed',
      says: 'storage.objects.create, storage.objects.delete',
      remedy: '--submitter user:<you>',
    },
    {
      title: 'events that may not be published',
      break: () => bed.google.denied.add('events'),
      id: 'events',
      state: 'failed',
      says: 'pubsub.topics.publish on projects/my-project/topics/graupel-lane-0',
      remedy: '--submitter user:<you>',
    },
    {
      title: 'functions that are not there',
      break: () => bed.google.lists.clear(),
      id: 'functions',
      state: 'failed',
      says: 'graupel-kernel-0 is not there',
      remedy: 'graupel deploy',
    },
    {
      title: 'an image that is not there',
      break: () => {
        bed.google.imageDigest = undefined
      },
      id: 'image',
      state: 'failed',
      says: 'the repository has none: machines have nothing to run',
      remedy: 'graupel deploy builds and pushes it',
    },
  ]
  for (const fault of faults)
    test(`names ${fault.title}, and the remedy`, async () => {
      deployed()
      fault.break()
      const { exitCode, findings } = await examine()
      const { state, detail, remedy } = findings.get(fault.id) ?? { state: 'missing' }
      expect({ state, detail, remedy }).toEqual({
        state: fault.state,
        detail: expect.stringContaining(fault.says),
        remedy: expect.stringContaining(fault.remedy),
      })
      expect(exitCode).toBe({ warning: 0, failed: 1, unknown: 4 }[fault.state])
    })

  test('looks at what submitting needs for somebody who may not look at the project', async () => {
    deployed()
    bed.google.denied.add('project')
    const { findings } = await examine()
    expect(findings.get('project')).toMatchObject({ state: 'unknown' })
    for (const id of ['documents', 'files', 'events']) expect(findings.get(id)).toMatchObject({ state: 'ok' })
    expect(findings.get('functions')).toMatchObject({ state: 'skipped' })
    // It would run: nothing of what it needs is missing.
    expect(findings.get('smoke')).toMatchObject({ state: 'skipped', detail: 'left out, as you asked' })
  })

  test('reckons with the machines that were chosen', async () => {
    deployed()
    bed.google.quotas.splice(
      0,
      3,
      { metric: 'CPUS', limit: 2400, usage: 0 },
      { metric: 'N2_CPUS', limit: 80, usage: 16 },
    )
    choose({ machines: { families: ['n2'], max_per_pool: 4 } })
    const { findings } = await examine()
    expect(findings.get('quota:cores')).toMatchObject({
      state: 'ok',
      detail: 'us-central1: 4 machines by N2_CPUS; us-east1: 4 machines by N2_CPUS',
    })
    expect(findings.get('quota:n2')).toMatchObject({ state: 'ok' })
    expect([...findings.keys()]).not.toContain('quota:n2d')
  })

  test('says of a family whose quota Compute Engine does not tell where to look', async () => {
    deployed()
    choose({ machines: { families: ['n4', 'n2'], max_per_pool: 4 } })
    const { findings } = await examine()
    expect(findings.get('quota:n4')).toMatchObject({
      state: 'skipped',
      detail:
        'Compute Engine tells none of N4_CPUS; look at https://console.cloud.google.com/iam-admin/quotas?project=my-project',
    })
  })

  test('asks each region once for all its quotas', async () => {
    deployed()
    await examine()
    expect(bed.google.calls.filter((call) => call.includes('/regions/'))).toEqual([
      'GET compute/compute/v1/projects/my-project/regions/us-central1',
      'GET compute/compute/v1/projects/my-project/regions/us-east1',
    ])
  })

  test('looks for the very image that deploy has built', async () => {
    deployed()
    const image = 'us-central1-docker.pkg.dev/my-project/graupel-images/worker:00112233aabbccdd'
    choose({ worker_image: image })
    expect((await examine()).findings.get('image')).toMatchObject({
      state: 'ok',
      detail: 'worker:00112233aabbccdd is sha256:0123456789ab',
    })
    bed.google.imageDigest = undefined
    expect((await examine()).findings.get('image')).toMatchObject({
      state: 'failed',
      detail: `${image} is not there: machines have nothing to run`,
    })
  })

  test('does not look for an image that was chosen from elsewhere', async () => {
    deployed()
    bed.google.imageDigest = undefined
    choose({ worker_image: 'my/agent' })
    expect((await examine()).findings.get('image')).toMatchObject({ state: 'skipped' })
  })

  test('looks at each permission to deploy, before there is a service', async () => {
    bed.google.permissions.delete('datastore.databases.create')
    const { exitCode, findings } = await examine('--deploying', '--project', 'my-project')
    expect(exitCode).toBe(1)
    expect(findings.get('permission:datastore.databases.create')).toMatchObject({ state: 'failed' })
    expect(findings.get('permission:iam.roles.create')).toMatchObject({ state: 'ok' })
    expect([...findings.values()].filter(({ state }) => state !== 'ok')).toHaveLength(1)
  })

  test('asks for everything of one kind in one call', async () => {
    deployed()
    await examine()
    expect(bed.google.calls.filter((call) => call.includes('services:batchGet'))).toHaveLength(1)
  })

  test('where nobody is logged in it says how to, and asks Google nothing', async () => {
    deployed()
    bed.set({ GRAUPEL_GOOGLE_API_URL: '', GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key.json' })
    const { exitCode, findings } = await examine()
    expect(exitCode).toBe(1)
    expect(findings.get('login')).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^Nobody is logged in: /),
      remedy: 'gcloud auth application-default login',
    })
    expect([...findings.values()].filter(({ state }) => state !== 'skipped')).toHaveLength(1)
  })

  test('what cannot be reached is told, and what needs it is not looked at', async () => {
    deployed()
    bed.set({ GRAUPEL_GOOGLE_API_URL: 'http://127.0.0.1:9' })
    const { exitCode, findings } = await examine()
    expect(exitCode).toBe(4)
    expect(findings.get('project')).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('cannot be reached'),
    })
    expect(findings.get('functions')).toMatchObject({ state: 'skipped' })
    expect([...findings.values()].filter(({ state }) => state === 'unknown').map(({ id }) => id)).toEqual([
      ...['project', 'documents', 'files', 'events'],
    ])
  })
})
