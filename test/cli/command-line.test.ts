import { expect, test } from 'vitest'
import { batchDetails } from '../../client/src/cli/batch/show.ts'
import { toJson, toTable } from '../../client/src/cli/table.ts'
import { runGraupel } from './run-graupel.ts'

const graupel = (...args: readonly string[]) => runGraupel(args)

test('the help names every command', async () => {
  const { exitCode, stdout } = await graupel('--help')
  expect(exitCode).toBe(0)
  const aboutBatches = ['submit', 'list', 'get', 'jobs', 'job', 'log', 'attempts', 'wait', 'cancel', 'delete']
  for (const word of ['emulate', ...aboutBatches, 'config', 'deploy', 'doctor', 'destroy'])
    expect(stdout).toMatch(new RegExp(`^  ${word} `, 'm'))
})

test('an unknown command, option or number is told of on stderr, with an exit code of its own', async () => {
  for (const args of [['nonsense'], ['list', '--nonsense'], ['job', '@latest', 'first'], ['list', '--limit', '0']]) {
    const { exitCode, stdout, stderr } = await graupel(...args)
    expect(exitCode, args.join(' ')).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error: /)
  }
})

test('without a project it says which setting is missing', async () => {
  const { exitCode, stderr } = await graupel('list')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('GRAUPEL_PROJECT')
})

test('columns are as wide as their widest cell', () => {
  expect(
    toTable([
      ['ID', 'NAME'],
      ['1', 'a'],
      ['1000', 'b'],
    ]),
  ).toBe('ID    NAME\n1     a\n1000  b')
})

test('what is not known is null in JSON and a dash for people', () => {
  const counts = { pending: 0, ready: 2, creating: 0, running: 0, success: 1, failed: 0, error: 0, cancelled: 0 }
  const batch = {
    id: 'abcdefgh',
    name: undefined,
    state: 'running' as const,
    attributes: {},
    counts,
    createdAt: new Date(0),
    endedAt: undefined,
    durationMs: undefined,
    cost: 0,
  }
  expect(JSON.parse(toJson(batch))).toMatchObject({ name: null, endedAt: null, durationMs: null, cost: 0 })
  expect(batchDetails(batch)).toMatch(/^name {6}-$[\s\S]*^jobs {6}2 ready, 1 success$/m)
})
