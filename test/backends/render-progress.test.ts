import { noJobs } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import {
  formatDuration,
  type Progress,
  renderPlainProgress,
  renderProgress,
} from '../../client/src/backends/progress/render-progress.ts'

const progress: Progress = {
  name: 'sort',
  id: 'abc123def456',
  counts: { ...noJobs, pending: 1, running: 1, success: 2 },
  elapsedMs: 65_000,
  running: ['merge', 'count'],
}

describe('progress', () => {
  test('is a bar with counts, and the names of what runs', () => {
    expect(renderProgress(progress, 100).split('\n')).toEqual([
      `sort (abc123def456) ${'█'.repeat(12)}${'░'.repeat(12)} 2/4  1 min 05 s`,
      '  1 pending, 1 running, 2 success',
      '  running: merge, count',
    ])
  })

  test('never is wider than the terminal', () => {
    const lines = renderProgress({ ...progress, running: ['x'.repeat(300)] }, 40).split('\n')
    for (const line of lines) expect(line.length).toBeLessThan(40)
  })

  test('is one line where there is no terminal', () => {
    expect(renderPlainProgress({ ...progress, name: undefined })).toBe(
      'batch abc123def456: 1 pending, 1 running, 2 success after 1 min 05 s',
    )
  })

  test('of an empty batch is full', () => {
    expect(renderProgress({ ...progress, counts: noJobs, running: [] }, 100)).toContain(`${'█'.repeat(24)} 0/0`)
  })

  test.each([
    [900, '0 s'],
    [59_999, '59 s'],
    [7_500_000, '2 h 05 min'],
  ])('tells %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
