import { ServiceError } from 'graupel'
import { expect, test } from 'vitest'
import type { Check } from '../../../client/src/cli/doctor/check.ts'
import { exitCodeOfFindings, failed, ok, unknown, type Verdict } from '../../../client/src/cli/doctor/finding.ts'
import { runChecks } from '../../../client/src/cli/doctor/run-checks.ts'
import { connectGoogleApi } from '../../../client/src/cli/google/google-api.ts'

const context = {
  api: connectGoogleApi({ project: 'p', standInUrl: 'http://127.0.0.1:9' }),
  subject: {
    project: 'p',
    prefix: 'graupel',
    region: 'r',
    regions: ['r'],
    database: 'd',
    bucket: 'b',
    lanes: 1,
    workerImage: undefined,
    machines: { cores: 16, max_per_pool: 1, disk_gb: 1, families: ['n2'] },
  },
  runSmokeBatch: async () => ok('ran'),
}

const check = (id: string, verdict: Verdict | Error, rest: Partial<Check> = {}): Check => ({
  id,
  title: id,
  needs: [],
  remedy: 'ask for it',
  async run() {
    if (verdict instanceof Error) throw verdict
    return verdict
  },
  ...rest,
})
const statesOf = async (checks: readonly Check[]) => (await runChecks(checks, context)).map(({ state }) => state)

test('what a check throws is what it has found: a refusal is a failure where the look itself must be allowed', async () => {
  const refusal = new ServiceError({ message: 'forbidden', status: 403 })
  expect(await runChecks([check('a', refusal)], context)).toEqual([
    { id: 'a', title: 'a', state: 'unknown', detail: 'forbidden', remedy: 'ask for it' },
  ])
  expect(await statesOf([check('a', refusal, { isAllowedIfSeen: true })])).toEqual(['failed'])
  expect(await statesOf([check('a', new Error('broken'), { isAllowedIfSeen: true })])).toEqual(['unknown'])
})

test('what a check needs must be well; what stops it must not have failed', async () => {
  const needing = check('b', ok(''), { needs: ['a'] })
  const stopped = check('b', ok(''), { stoppedBy: ['a'] })
  const states = { failed: failed('', ''), unknown: unknown('', ''), ok: ok('') }
  expect(await statesOf([check('a', states.failed), needing])).toEqual(['failed', 'skipped'])
  expect(await statesOf([check('a', states.unknown), needing])).toEqual(['unknown', 'skipped'])
  expect(await statesOf([check('a', states.ok), needing])).toEqual(['ok', 'ok'])
  expect(await statesOf([check('a', states.failed), stopped])).toEqual(['failed', 'skipped'])
  expect(await statesOf([check('a', states.unknown), stopped])).toEqual(['unknown', 'ok'])
})

test('the worst finding decides the exit code, and a batch that has run outweighs what could not be looked at', async () => {
  const codeOf = async (...checks: readonly Check[]) => exitCodeOfFindings(await runChecks(checks, context))
  const smoke = check('smoke', ok('ran'))
  expect(await codeOf(check('a', ok('')), smoke)).toBe(0)
  expect(await codeOf(check('a', unknown('', '')))).toBe(4)
  expect(await codeOf(check('a', unknown('', '')), smoke)).toBe(0)
  expect(await codeOf(check('a', unknown('', '')), check('b', failed('', '')), smoke)).toBe(1)
})
