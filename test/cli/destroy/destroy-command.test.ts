import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useCommandBed } from '../deploy/command-bed.ts'

const bed = useCommandBed()
const destroy = (...args: string[]) => bed.run('destroy', '--project', 'my-project', ...args)

/** What Google still lists when the module's data has stayed. */
const stayed = () => {
  bed.google.buckets.set('my-project-graupel-batches', new Map())
  bed.google.lists.set('firestore/v1/projects/my-project/databases', [
    { name: 'projects/my-project/databases/graupel' },
  ])
}

describe('graupel destroy', () => {
  beforeEach(async () => {
    const { exitCode, stderr } = await bed.run('deploy', '--project', 'my-project', '--no-verify', '--yes')
    expect(exitCode, stderr).toBe(0)
  })

  test('it takes everything but the data, and tells what stays', async () => {
    stayed()
    const { exitCode, stdout, stderr } = await destroy('--yes')
    expect(stderr).toContain('It deletes 4 resources. Documents and files of batches stay')
    expect(stdout.trim().split('\n')).toEqual([
      'kept: bucket my-project-graupel-batches',
      'kept: bucket my-project-graupel-state',
      'kept: database graupel',
    ])
    expect(stderr).toContain('Nothing else is left behind')
    expect(exitCode).toBe(0)
  })

  test('with --delete-data it lets go of the data, takes everything, and forgets the deployment', async () => {
    const { exitCode, stdout, stderr } = await destroy('--yes', '--delete-data', '--json')
    expect(JSON.parse(stdout), stderr).toEqual({ left: [], unexpected: [] })
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Nothing is left behind')
    const [released] = (await bed.terraformCalls()).filter(({ command }) => command === 'plan').slice(1)
    expect(released?.args).toContain('-target=google_firestore_database.database')
    expect(bed.google.buckets.size).toBe(0)
    expect(existsSync(join(bed.folder(), 'data/graupel/deployments/my-project/graupel'))).toBe(false)
    expect(JSON.parse(await readFile(bed.config(), 'utf8'))).toEqual({})
    expect(await destroy('--yes')).toMatchObject({ exitCode: 3 })
  })

  test('what is deployed after it has other names for what Google blocks, also if it broke off', async () => {
    const generation = async () => {
      const { stdout } = await bed.run('deploy', '--project', 'my-project', '--plan', '--json')
      return z.object({ choices: z.object({ lanes: z.number(), generation: z.string() }) }).parse(JSON.parse(stdout))
        .choices
    }
    const before = await generation()
    expect(await generation()).toEqual(before)
    await bed.tell('fail-apply', 'googleapi: Error 503')
    const { exitCode, stderr } = await destroy('--yes')
    expect(exitCode, stderr).toBe(6)
    const after = await generation()
    expect(after.generation).not.toBe(before.generation)
    expect(after).toMatchObject({ lanes: before.lanes })
  })

  test("copies of its functions' sources go, and those of others stay", async () => {
    const objects = ['graupel-api', 'graupel-kernel-0', 'graupel-e2e-api', 'graupel-of-mine'].map(
      (name) => [`${name}/function-source.zip`, {}] as const,
    )
    bed.google.buckets.set('gcf-v2-sources-123456789012-us-central1', new Map(objects))
    expect((await destroy('--yes')).stderr).toContain("Removed 2 copies of the functions' sources")
    expect([...(bed.google.buckets.get('gcf-v2-sources-123456789012-us-central1') ?? new Map()).keys()]).toEqual([
      'graupel-e2e-api/function-source.zip',
      'graupel-of-mine/function-source.zip',
    ])
  })

  test('data that was kept can be deleted later', async () => {
    await destroy('--yes')
    const { exitCode } = await destroy('--yes', '--delete-data')
    expect(exitCode).toBe(0)
    expect(bed.google.buckets.size).toBe(0)
  })

  test('it refuses while batches run, and names them, unless it is forced', async () => {
    bed.google.liveBatches.push({ id: 'abcdefgh', name: 'nightly' })
    const refused = await destroy('--yes')
    expect(refused.exitCode).toBe(5)
    expect(refused.stderr).toContain('abcdefgh  nightly')
    expect((await bed.terraformCalls()).some(({ args }) => args.includes('-destroy'))).toBe(false)
    expect((await destroy('--yes', '--force')).exitCode).toBe(0)
  })

  test('machines are deleted after the functions that launch them, before their network', async () => {
    bed.google.machines.push({ name: 'graupel-spot-1', zone: 'https://compute/zones/a', status: 'RUNNING' })
    const { exitCode, stderr } = await destroy('--yes')
    expect(exitCode, stderr).toBe(0)
    const destroyed = (await bed.terraformCalls()).filter(({ args }) => args.includes('-destroy'))
    expect(destroyed[0]?.args).toContain('-target=google_cloudfunctions2_function.functions')
    expect(bed.google.calls).toContain('DELETE compute/compute/v1/projects/my-project/zones/a/instances/graupel-spot-1')
  })

  test('what should be gone and is not is named, with an exit code, and nothing is forgotten', async () => {
    bed.google.lists.set('pubsub/v1/projects/my-project/topics', [
      { name: 'projects/my-project/topics/graupel-lane-0', labels: { graupel: 'graupel' } },
      { name: 'projects/my-project/topics/graupel-e2e-lane-0', labels: { graupel: 'graupel-e2e' } },
      { name: 'projects/my-project/topics/graupel-of-mine' },
    ])
    const { exitCode, stdout, stderr } = await destroy('--yes', '--delete-data', '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ unexpected: ['topic graupel-lane-0'] })
    expect(stderr).toContain('Still there, and should not be: topic graupel-lane-0')
    expect(bed.google.buckets.has('my-project-graupel-state')).toBe(true)
  })

  test('without a terminal to ask it does nothing', async () => {
    expect(await destroy()).toMatchObject({ exitCode: 5 })
    expect((await bed.terraformCalls()).some(({ args }) => args.includes('-destroy'))).toBe(false)
  })

  test('a deployment that nobody remembers is told of', async () => {
    const { exitCode, stderr } = await destroy('--prefix', 'other', '--yes')
    expect(exitCode).toBe(3)
    expect(stderr).toContain("No deployment 'other' in project my-project is remembered: check --project and --prefix")
  })
})
