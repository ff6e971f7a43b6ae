import { expect, it } from 'vitest'
import { cutFrames } from '../../../../client/src/execution/calls/runner/cut-frames.ts'

const cut = (...lines: string[]) => cutFrames(lines.join('\n'), '/opt/runner.cjs').split('\n')

const ofUser = '    at fit (/home/user/program.ts:3:9)'
const ofNode = '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)'
const ofRunner = '    at async runCall (/opt/runner.cjs:20:3)'

it('ends a stack at the outermost frame of the user', () => {
  expect(cut('Error: x', ofUser, ofRunner, ofNode)).toEqual(['Error: x', ofUser])
  expect(cut('Error: x', ofUser, ofNode, ofRunner)).toEqual(['Error: x', ofUser])
})

it('keeps what Node does between frames of the user, and a stack that the runner is not in', () => {
  expect(cut('Error: x', ofUser, ofNode, ofUser, ofRunner)).toEqual(['Error: x', ofUser, ofNode, ofUser])
  expect(cut('Error: x', ofUser, ofNode)).toEqual(['Error: x', ofUser, ofNode])
})

it('keeps the brace that opens what comes with an error', () => {
  expect(cut('Error: x', ofUser, `${ofRunner} {`, '  code: 5', '}')).toEqual([
    'Error: x',
    `${ofUser} {`,
    '  code: 5',
    '}',
  ])
})

it('cuts each stack of several by itself', () => {
  const inner = ['  [cause]: Error: y', `  ${ofUser}`, `  ${ofRunner}`, '}']
  expect(cut('Error: x', ofUser, `${ofRunner} {`, ...inner)).toEqual([
    'Error: x',
    `${ofUser} {`,
    '  [cause]: Error: y',
    `  ${ofUser}`,
    '}',
  ])
})
