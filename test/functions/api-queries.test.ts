import { expect, test } from 'vitest'
import { bash, fast, openApi } from './submit-bed.ts'

async function openBatch() {
  const { send } = openApi()
  const named = (number: number, name: string) => bash(number, { attributes: { name } })
  const bunch = [named(1, 'align-a'), named(2, 'align-b'), named(3, 'merge')]
  const { body } = await send('POST', '/batches/create-fast', fast(bunch))
  return async (query: string, version = 2) => {
    const answer = await send('GET', `/api/v${version}alpha/batches/${body.id}/jobs?${query}`)
    const jobs: { job_id: number }[] = Array.from(Object(answer.body.jobs ?? []))
    return { ...answer, ids: jobs.map((job) => job.job_id) }
  }
}

test('jobs are found by the second query language of Hail', async () => {
  const ask = await openBatch()
  expect((await ask('')).ids).toEqual([1, 2, 3])
  expect((await ask('q=align')).ids).toEqual([1, 2])
  expect((await ask(`q=${encodeURIComponent('name = merge\nstate = pending')}`)).ids).toEqual([3])
  expect((await ask(`q=${encodeURIComponent('job_id >= 2')}&limit=1`)).body).toMatchObject({ last_job_id: 2 })
  expect((await ask('q=align&last_job_id=1')).ids).toEqual([2])
})

test('and by a state in the first', async () => {
  const ask = await openBatch()
  expect((await ask('q=live', 1)).ids).toEqual([1, 2, 3])
  expect((await ask('q=bad', 1)).ids).toEqual([])
})

test.each(['q=cost+%3E+much', 'q=state+%3E+pending', 'last_job_id=first', 'limit=none'])(
  'what cannot be understood is said: %s',
  async (query) => {
    const ask = await openBatch()
    expect(await ask(query)).toMatchObject({ status: 400, body: { message: expect.any(String) } })
  },
)
