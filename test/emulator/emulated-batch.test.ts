import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { emulatorsMissing } from './emulated-clients.ts'
import { startEmulate } from './run-command.ts'

const program = fileURLToPath(new URL('fixtures/word-sort.ts', import.meta.url))
const answer = z.object({ status: z.number(), body: z.unknown() })

describe.skipIf(emulatorsMissing)('a batch on the emulated service', () => {
  let seen: Record<string, unknown> = {}
  beforeAll(async () => {
    const { exitCode, stdout, stderr } = await startEmulate([process.execPath, program]).ended
    expect(exitCode, stderr).toBe(0)
    seen = z.record(z.string(), z.unknown()).parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  })
  const answerTo = (question: string) => answer.parse(seen[question])

  test('its jobs run on workers and pass their files on', () => {
    expect(seen.state).toBe('failure')
    expect(seen.log).toBe('apple\nfig\npear\n')
  })

  test('the api tells of the batch in the shape of the interface of Hail', () => {
    const counts = { n_jobs: 5, n_completed: 5, n_succeeded: 4, n_failed: 1, n_cancelled: 0 }
    const told = { state: 'failure', complete: true, attributes: { name: 'word sort' }, ...counts }
    expect(answerTo('batch')).toMatchObject({ status: 200, body: told })
    expect(answerTo('listed')).toMatchObject({ status: 200, body: { batches: [told] } })
  })

  test('the api tells of jobs, by page and by state', () => {
    const wrong = { job_id: 5, name: 'wrong', state: 'Failed', exit_code: 3 }
    expect(answerTo('bad')).toMatchObject({ status: 200, body: { jobs: [wrong] } })
    expect(answerTo('page')).toMatchObject({ body: { jobs: [{ job_id: 3 }, { job_id: 4 }], last_job_id: 4 } })
    expect(answerTo('job')).toMatchObject({ body: { job_id: 4, name: 'sort', state: 'Success', exit_code: 0 } })
  })

  test('the api tells of attempts and what they printed', () => {
    expect(answerTo('attempts')).toMatchObject({ body: [{ attempt_id: '1', reason: null, exit_code: 0 }] })
    expect(answerTo('jobLog')).toEqual({ status: 200, body: { main: 'apple\nfig\npear\n' } })
  })

  test('what is not there, or not understood, is said', () => {
    expect(answerTo('noBatch')).toEqual({ status: 404, body: { message: 'there is no batch nosuchbatch' } })
    expect(answerTo('noJob').status).toBe(404)
    expect(answerTo('badQuery')).toMatchObject({ status: 400, body: { message: expect.stringContaining('nonsense') } })
  })
})
