import { makeApi } from '@graupel/functions/api/api-function'
import { describe, expect, test } from 'vitest'
import { makeServices } from './hosted.ts'
import { announce, bash, fast, inMemory, openApi } from './submit-bed.ts'

describe('a batch in one request', () => {
  test('is there when the answer comes, with its jobs in their order', async () => {
    const { send, record, jobs } = openApi()
    const bunch = [
      bash(2, { in_update_parent_ids: [1], attributes: { name: 'second', colour: 'red' } }),
      bash(1, { attributes: { name: 'first' } }),
    ]
    const { status, body } = await send('POST', '/batches/create-fast', fast(bunch, { attributes: { name: 'two' } }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: expect.any(String), start_job_id: 1 })
    expect(await record(body.id)).toMatchObject({ state: 'running', name: 'two', jobs: 2, user: 'anybody' })
    expect(await jobs(body.id)).toMatchObject([
      { name: 'first', parents: [] },
      { name: 'second', attributes: { colour: 'red' }, parents: [0] },
    ])
    expect((await send('GET', `/batches/${body.id}`)).body).toMatchObject({ n_jobs: 2, attributes: { name: 'two' } })
  })

  test('that is sent again is the same batch', async () => {
    const { send, record } = openApi()
    const first = await send('POST', '/batches/create-fast', fast([bash(1)]))
    const before = await record(first.body.id)
    expect(await send('POST', '/batches/create-fast', fast([bash(1)]))).toEqual(first)
    expect(await record(first.body.id)).toEqual(before)
  })

  test('with other jobs under the same token is refused', async () => {
    const { send } = openApi()
    await send('POST', '/batches/create-fast', fast([bash(1)]))
    const { status, body } = await send('POST', '/batches/create-fast', fast([bash(1), bash(2)]))
    expect(status).toBe(409)
    expect(body.message).toContain("'a token'")
  })

  test('belongs to whom the identity token names', async () => {
    const { send, record } = openApi()
    const claims = Buffer.from(JSON.stringify({ email: 'ada@example.org' })).toString('base64url')
    const headers = { Authorization: `Bearer head.${claims}.SIGNATURE_REMOVED_BY_GOOGLE` }
    const { body } = await send('POST', '/batches/create-fast', fast([bash(1)]), headers)
    expect((await record(body.id))?.user).toBe('ada@example.org')
    const { body: another } = await send('POST', '/batches/create-fast', fast([bash(1)]))
    expect(another.id).not.toBe(body.id)
  })

  test('needs a place for its files', async () => {
    const { send } = openApi({ deployedLanes: 1 })
    expect((await send('POST', '/batches/create-fast', fast([bash(1)]))).status).toBe(501)
  })
})

describe('a batch in bunches', () => {
  test('cannot be seen before it is committed, and leaves nothing but its plan', async () => {
    const { send, record, names } = openApi()
    const { body } = await send('POST', '/batches/create', announce(3))
    expect(body).toEqual({ id: expect.any(String), update_id: 1 })
    const update = `/batches/${body.id}/updates/1`
    expect((await send('POST', `${update}/jobs/create`, [bash(3, { in_update_parent_ids: [1, 2] })])).status).toBe(200)
    expect((await send('POST', `${update}/jobs/create`, [bash(1), bash(2)])).status).toBe(200)
    expect((await send('GET', `/batches/${body.id}`)).status).toBe(404)
    expect(await send('PATCH', `${update}/commit`)).toMatchObject({ status: 200, body: { start_job_id: 1 } })
    expect(await record(body.id)).toMatchObject({ state: 'running', jobs: 3 })
    expect(await names()).toEqual([])
  })

  test('may be announced, sent and committed more than once', async () => {
    const { send, record } = openApi()
    const first = await send('POST', '/batches/create', announce(1))
    expect(await send('POST', '/batches/create', announce(1))).toEqual(first)
    const update = `/batches/${first.body.id}/updates/1`
    for (const _ of [1, 2]) expect((await send('POST', `${update}/jobs/create`, [bash(1)])).status).toBe(200)
    const committed = await send('PATCH', `${update}/commit`)
    expect(await send('PATCH', `${update}/commit`)).toEqual(committed)
    expect(await send('POST', '/batches/create', announce(1))).toEqual(first)
    expect(await record(first.body.id)).toMatchObject({ jobs: 1, shards: 1 })
  })

  test('is one batch when it is committed by several at once', async () => {
    const { send, record, names } = openApi()
    const { body } = await send('POST', '/batches/create', announce(20))
    const update = `/batches/${body.id}/updates/1`
    for (let job = 1; job <= 20; job++) await send('POST', `${update}/jobs/create`, [bash(job)])
    const answers = await Promise.all([1, 2, 3].map(() => send('PATCH', `${update}/commit`)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await record(body.id)).toMatchObject({ jobs: 20, shards: 1 })
    expect(await names()).toEqual([])
  })

  test('is committed only when all its jobs have come', async () => {
    const { send, record } = openApi()
    const { body } = await send('POST', '/batches/create', announce(2))
    const update = `/batches/${body.id}/updates/1`
    await send('POST', `${update}/jobs/create`, [bash(2)])
    const early = await send('PATCH', `${update}/commit`)
    expect(early).toMatchObject({ status: 400, body: { message: expect.stringContaining('job_id 1 is missing') } })
    await send('POST', `${update}/jobs/create`, [bash(1)])
    expect((await send('PATCH', `${update}/commit`)).status).toBe(200)
    expect(await record(body.id)).toMatchObject({ jobs: 2 })
  })

  test('refuses what differs from what was announced or sent before', async () => {
    const { send } = openApi()
    const { body } = await send('POST', '/batches/create', announce(1))
    expect((await send('POST', '/batches/create', announce(2))).status).toBe(409)
    const update = `/batches/${body.id}/updates/1`
    await send('POST', `${update}/jobs/create`, [bash(1)])
    await send('POST', `${update}/jobs/create`, [bash(1, { always_run: true })])
    expect(await send('PATCH', `${update}/commit`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('two different jobs with job_id 1') },
    })
  })

  test('that nobody has announced does not exist', async () => {
    const { send } = openApi()
    for (const path of ['/batches/abcdefgh/updates/1', '/batches/No!/updates/1', '/batches/abcdefgh/updates/2']) {
      expect((await send('POST', `${path}/jobs/create`, [bash(1)])).status).toBe(404)
      expect((await send('PATCH', `${path}/commit`)).status).toBe(404)
    }
    expect((await send('PATCH', '/batches/abcdefgh/updates/one/commit')).status).toBe(400)
  })

  test('of no jobs is there at once, and takes jobs later', async () => {
    const { send, record, jobs } = openApi()
    const { body } = await send('POST', '/batches/create', announce(0))
    expect(body.update_id).toBeNull()
    const update = { update: announce(1, 'more'), bunch: [bash(1)] }
    expect((await send('POST', `/batches/${body.id}/update-fast`, update)).body).toMatchObject({ start_job_id: 1 })
    expect(await record(body.id)).toMatchObject({ jobs: 1 })
    expect(await jobs(body.id)).toHaveLength(1)
  })
})

describe('an update', () => {
  test('depends on jobs that are there, in one request and in bunches', async () => {
    const { send, record } = openApi()
    const { body: first } = await send('POST', '/batches/create-fast', fast([bash(1)]))
    const quick = { update: announce(1, 'quick'), bunch: [bash(1, { absolute_parent_ids: [1] })] }
    const answer = await send('POST', `/batches/${first.id}/update-fast`, quick)
    expect(answer).toMatchObject({ status: 200, body: { start_job_id: 2 } })
    expect(await send('POST', `/batches/${first.id}/update-fast`, quick)).toEqual(answer)
    const { body } = await send('POST', `/batches/${first.id}/updates/create`, announce(1, 'slow'))
    const update = `/batches/${first.id}/updates/${body.update_id}`
    await send('POST', `${update}/jobs/create`, [bash(1, { absolute_parent_ids: [2] })])
    expect(await send('PATCH', `${update}/commit`)).toMatchObject({ status: 200, body: { start_job_id: 3 } })
    expect(await send('PATCH', `${update}/commit`)).toMatchObject({ status: 200, body: { start_job_id: 3 } })
    expect(await record(first.id)).toMatchObject({ jobs: 3 })
  })

  test('of a job that is not there, of no batch, or of a cancelled batch is refused', async () => {
    const { send } = openApi()
    const { body: first } = await send('POST', '/batches/create-fast', fast([bash(1)]))
    const update = (parent: number) => ({
      update: announce(1, 'more'),
      bunch: [bash(1, { absolute_parent_ids: [parent] })],
    })
    expect((await send('POST', `/batches/${first.id}/update-fast`, update(2))).status).toBe(400)
    expect((await send('POST', '/batches/abcdefgh/update-fast', update(1))).status).toBe(404)
    await send('PATCH', `/batches/${first.id}/cancel`)
    expect((await send('POST', `/batches/${first.id}/update-fast`, update(1))).status).toBe(409)
  })
})

describe('a request is refused', () => {
  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['that has no token', { batch: { n_jobs: 0 }, bunch: [] }, /token/],
    ['that counts wrong', fast([bash(1)], { n_jobs: 2 }), /n_jobs is 2.*job_id 2 is missing/],
    ['that has more than it counts', fast([bash(1), bash(2)], { n_jobs: 1 }), /n_jobs is 1/],
    ['with job groups', { ...fast([bash(1)]), job_groups: [{}] }, /no job groups/],
    ['with a callback to nowhere', fast([bash(1)], { callback: 'file:///x' }), /callback/],
    ['with a limit of no failures', fast([bash(1)], { cancel_after_n_failures: 0 }), /cancel_after_n_failures/],
    ['with a job of no kind', fast([{ job_id: 1, process: { type: 'wish' } }]), /process/],
    ['with too many jobs', fast(Array.from({ length: 1025 }, (_, index) => bash(index + 1))), /at most 1024/],
  ]

  test.each(refused)('%s', async (_, body, message) => {
    const answer = await openApi().send('POST', '/batches/create-fast', body)
    expect(answer.status).toBe(400)
    expect(answer.body.message).toMatch(message)
  })

  test('that is larger than 8 MiB', async () => {
    const long = bash(1, { attributes: { name: 'x'.repeat(8 * 2 ** 20) } })
    expect((await openApi().send('POST', '/batches/create-fast', fast([long]))).status).toBe(413)
  })

  test('that is not JSON', async () => {
    const services = { ...makeServices(), placement: inMemory }
    const init = { method: 'POST', body: '{' }
    const response = await makeApi(services).request('/api/v1alpha/batches/create-fast', init)
    expect(response.status).toBe(400)
    expect(Object(await response.json()).message).toContain('not JSON')
  })
})
