import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeMachines } from '../../../client/src/cli/destroy/machines.ts'
import { connectGoogleApi, type GoogleApi } from '../../../client/src/cli/google/google-api.ts'
import { StandInGoogle } from '../google/stand-in-google.ts'

const place = { project: 'my-project', prefix: 'graupel' }
let google: StandInGoogle
let api: GoogleApi
beforeEach(async () => {
  google = new StandInGoogle()
  api = connectGoogleApi({ project: 'my-project', standInUrl: await google.start() })
})
afterEach(() => google.stop())
const deletions = () => google.calls.filter((call) => call.startsWith('DELETE'))

test('a machine that comes while others go is deleted, too', async () => {
  google.machines.push({ name: 'first', zone: 'zones/a', status: 'RUNNING' })
  let pauses = 0
  await removeMachines(api, place, async () => {
    if (pauses++ === 0) google.machines.push({ name: 'late', zone: 'zones/a', status: 'RUNNING' })
  })
  expect(google.machines).toEqual([])
  expect(deletions().map((call) => call.split('/').at(-1))).toEqual(['first', 'late'])
})

test('a machine that is going already is only waited for, and not for ever', async () => {
  google.machines.push({ name: 'stuck', zone: 'zones/a', status: 'STOPPING' })
  await expect(removeMachines(api, place, async () => undefined)).rejects.toThrow(
    'machines of graupel are still there after 15 minutes: delete them in the console',
  )
  expect(deletions()).toEqual([])
})
