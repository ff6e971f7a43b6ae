import { afterEach, beforeEach, expect, it } from 'vitest'
import { IamCredentials } from '../../worker-vm/src/token-server/iam-credentials.ts'
import { JobAccount } from '../../worker-vm/src/token-server/job-account.ts'
import { claimsOf, type FakeIamCredentials, startFakeIamCredentials } from './fake-iam-credentials.ts'

const email = 'graupel-job@project.iam.gserviceaccount.com'
const reading = 'https://www.googleapis.com/auth/devstorage.read_only'
const everything = 'https://www.googleapis.com/auth/cloud-platform'

let api: FakeIamCredentials

beforeEach(async () => {
  api = await startFakeIamCredentials({ caller: 'worker', email })
})
afterEach(() => api.close())

const accountOf = (name = email, caller = 'worker') =>
  new JobAccount({
    project: 'project',
    projectNumber: async () => '1',
    email: name,
    credentials: new IamCredentials({ url: api.url, accessToken: async () => caller }),
  })

it('has one token for all who ask for the same, in whatever order', async () => {
  const account = accountOf()
  const tokens = await Promise.all(
    [
      [reading, everything],
      [everything, reading, reading],
    ].map((scopes) => account.accessToken(scopes)),
  )
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(1)
  expect(await account.accessToken([everything, reading])).toBe(tokens[0])
  expect(api.asked).toEqual([`generateAccessToken ${email} ${everything} ${reading}`])
})

it('has tokens of their own for other scopes, and for everything where none is asked for', async () => {
  const account = accountOf()
  await account.accessToken([reading])
  await account.accessToken([])
  expect(api.asked).toEqual([`generateAccessToken ${email} ${reading}`, `generateAccessToken ${email} ${everything}`])
})

it('has a new token before one expires that clients would not take any more', async () => {
  api.shortenTo(299)
  const account = accountOf()
  const first = await account.accessToken([])
  const second = await account.accessToken([])
  expect(second.token).not.toBe(first.token)
  expect(second.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 299_000)
})

it('proves who it is to each audience, once', async () => {
  const account = accountOf()
  const tokens = await Promise.all(['https://a', 'https://b', 'https://a'].map((name) => account.identityToken(name)))
  expect(tokens.map(claimsOf)).toMatchObject([
    { aud: 'https://a', email },
    { aud: 'https://b', email },
    { aud: 'https://a', email },
  ])
  expect(api.asked).toHaveLength(2)
})

it.each([
  [
    'an account that the machine may not act as',
    accountOf.bind(undefined, 'owner@project.iam.gserviceaccount.com'),
    '403',
  ],
  ['a machine that nobody knows', () => accountOf(email, 'somebody'), '401'],
])('says what the API says of %s, and asks again the next time', async (_, open, status) => {
  const account = open()
  await expect(account.accessToken([])).rejects.toThrow(`IAM Credentials answered ${status} to generateAccessToken`)
  await expect(account.accessToken([])).rejects.toThrow(status)
  expect(api.asked).toEqual([])
})
