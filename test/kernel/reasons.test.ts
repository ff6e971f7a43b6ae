import { explain } from 'graupel/kernel'
import { type EndReason, endReasonSchema, isBad, type JobState, jobStates } from 'graupel/model'
import { describe, expect, test } from 'vitest'

describe('a person is told', () => {
  test.each<[JobState, EndReason | undefined, string | undefined]>([
    ['Success', undefined, undefined],
    ['Running', undefined, undefined],
    ['Pending', undefined, 'it waits for jobs that it depends on'],
    ['Ready', undefined, 'it waits for a worker'],
    ['Creating', undefined, 'its worker fetches its image and files, or has no core free for it yet'],
    ['Failed', { cause: 'failed', exitCode: 3 }, 'its command failed with exit code 3'],
    ['Failed', { cause: 'failed', exitCode: 3, message: 'killed' }, 'its command failed with exit code 3: killed'],
    ['Failed', { cause: 'outOfMemory', exitCode: 137 }, 'it ran out of memory with exit code 137'],
    ['Error', { cause: 'image', message: 'no image x' }, 'its image could not be used: no image x'],
    ['Error', { cause: 'missingOutput', exitCode: 0 }, 'it did not make an output that is needed'],
    ['Cancelled', { cause: 'parent' }, 'a job that it depends on did not succeed'],
    ['Cancelled', { cause: 'cancelled', message: 'enough' }, 'it was cancelled: enough'],
    ['Cancelled', undefined, undefined],
  ])('%s %o → %s', (state, end, sentence) => {
    expect(explain(state, end)).toBe(sentence)
  })

  test('a sentence for every cause and every bad end', () => {
    const causes = endReasonSchema.shape.cause.options.flatMap((option) => option.options)
    expect(causes.length).toBeGreaterThan(12)
    for (const state of jobStates.filter(isBad))
      for (const cause of causes) expect(explain(state, { cause })).toMatch(/^[a-z][a-z ]+[a-z]$/)
  })
})
