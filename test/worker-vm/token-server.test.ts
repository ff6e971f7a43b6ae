import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { IamCredentials } from '../../worker-vm/src/token-server/iam-credentials.ts'
import { JobAccount } from '../../worker-vm/src/token-server/job-account.ts'
import type { CallerAt, JobIdentity } from '../../worker-vm/src/token-server/job-identity.ts'
import { environmentOf } from '../../worker-vm/src/token-server/serve-jobs.ts'
import { serveTokens, type TokenServer } from '../../worker-vm/src/token-server/serve-tokens.ts'
import { tokenApp } from '../../worker-vm/src/token-server/token-app.ts'
import { claimsOf, type FakeIamCredentials, startFakeIamCredentials } from './fake-iam-credentials.ts'

const identity = (name: string): JobIdentity => ({
  project: 'their-project',
  projectNumber: async () => '123456789012',
  email: `${name}@their-project.iam.gserviceaccount.com`,
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  accessToken: async (scopes) => ({
    token: [`token of ${name}`, ...scopes].join(' '),
    expiresAt: new Date(Date.now() + 600_500),
  }),
  identityToken: async (audience) => `${name} for ${audience}`,
})

const jobs = new Map([
  ['172.17.0.2', identity('ann')],
  ['172.17.0.3', identity('bob')],
  ['172.17.0.4', undefined],
])

const callerAt: CallerAt = async (address) =>
  jobs.has(address) ? { kind: 'job', identity: jobs.get(address) } : { kind: 'stranger' }

const account = '/computeMetadata/v1/instance/service-accounts/default'
const tokenSchema = z.object({ access_token: z.string() })
const flavor = { 'Metadata-Flavor': 'Google' }

const tokenOf = async (response: Response) => tokenSchema.parse(await response.json()).access_token

const ask = (path: string, from = '172.17.0.2', headers: Record<string, string> = flavor) =>
  tokenApp({ callerAt, addressOf: () => from, onFailure: () => undefined }).request(path, { headers })

describe('the token server', () => {
  it('gives a job its own token, by the address that it asks from', async () => {
    const answer = await (await ask(`${account}/token`)).json()
    expect(answer).toEqual({ access_token: 'token of ann', expires_in: 600, token_type: 'Bearer' })
    expect(await tokenOf(await ask(`${account}/token`, '172.17.0.3'))).toBe('token of bob')
  })

  it('gives nobody else anything', async () => {
    for (const path of ['/token', '/email', '/identity?audience=x', '']) {
      expect((await ask(account + path, '172.17.0.9')).status).toBe(403)
    }
  })

  it('tells a job that has no account where to give it one', async () => {
    const response = await ask(`${account}/token`, '172.17.0.4')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('GRAUPEL_JOB_ACCOUNT')
  })

  it('refuses who does not send the header, or was forwarded', async () => {
    expect((await ask(`${account}/token`, '172.17.0.2', {})).status).toBe(403)
    const forwarded = { ...flavor, 'X-Forwarded-For': '10.0.0.1' }
    expect((await ask(`${account}/token`, '172.17.0.2', forwarded)).status).toBe(403)
  })

  it('marks every answer, refusals too, by which clients know a metadata server', async () => {
    for (const headers of [flavor, {}])
      expect((await ask(`${account}/token`, '172.17.0.2', headers)).headers.get('metadata-flavor')).toBe('Google')
    expect((await ask('/', '172.17.0.2', {})).headers.get('metadata-flavor')).toBe('Google')
  })

  it.each<[string, string]>([
    [`${account}/email`, 'ann@their-project.iam.gserviceaccount.com'],
    [`${account}/scopes`, 'https://www.googleapis.com/auth/cloud-platform\n'],
    [`${account}/identity?audience=https://x`, 'ann for https://x'],
    [account, 'aliases\nemail\nidentity\nscopes\ntoken\n'],
    [`${account}/`, 'aliases\nemail\nidentity\nscopes\ntoken\n'],
    ['/computeMetadata/v1/instance/service-accounts', 'default/\nann@their-project.iam.gserviceaccount.com/\n'],
    ['/computeMetadata/v1/instance/service-accounts/ann@their-project.iam.gserviceaccount.com/aliases', 'default\n'],
    ['/computeMetadata/v1/project/project-id', 'their-project'],
    ['/computeMetadata/v1/project/numeric-project-id', '123456789012'],
    ['/computeMetadata/v1/universe/universe-domain', 'googleapis.com'],
  ])('answers %s', async (path, text) => {
    const response = await ask(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(text)
  })

  it('tells all of an account at once', async () => {
    expect(await (await ask(`${account}/?recursive=true`)).json()).toEqual({
      aliases: ['default'],
      email: 'ann@their-project.iam.gserviceaccount.com',
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    })
  })

  it('narrows a token to the scopes that are asked for', async () => {
    expect(await tokenOf(await ask(`${account}/token?scopes=a,b`))).toBe('token of ann a b')
  })

  it.each<[string, number]>([
    ['/computeMetadata/v1/instance/service-accounts/bob@their-project.iam.gserviceaccount.com/token', 404],
    ['/computeMetadata/v1/instance/attributes/', 404],
    ['/computeMetadata/v1/instance/attributes/ssh-keys', 404],
    ['/computeMetadata/v1/project/attributes/?recursive=true', 404],
    [`${account}/identity`, 400],
  ])('does not give %s', async (path, status) => {
    expect((await ask(path)).status).toBe(status)
  })

  it('tells the machine why a token could not be had, and not the job', async () => {
    const broken = { ...identity('ann'), accessToken: () => Promise.reject(new Error('secret')) }
    const failures: string[] = []
    const app = tokenApp({
      callerAt: async () => ({ kind: 'job', identity: broken }),
      addressOf: () => '172.17.0.2',
      onFailure: ({ message }) => failures.push(message),
    })
    const response = await app.request(`${account}/token`, { headers: flavor })
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret')
    expect(failures).toEqual(['secret'])
  })
})

describe('a client of Google', () => {
  const email = 'graupel-job@their-project.iam.gserviceaccount.com'
  let server: TokenServer
  let credentials: FakeIamCredentials

  beforeEach(async () => {
    credentials = await startFakeIamCredentials({ caller: "the machine's", email })
    const job = new JobAccount({
      project: 'their-project',
      projectNumber: async () => '123456789012',
      email,
      credentials: new IamCredentials({ url: credentials.url, accessToken: async () => "the machine's" }),
    })
    server = await serveTokens({
      callerAt: async (address) => (address === '127.0.0.1' ? { kind: 'job', identity: job } : { kind: 'stranger' }),
      onFailure: () => undefined,
      address: '127.0.0.1',
    })
  })

  afterEach(async () => {
    await server.close()
    await credentials.close()
  })

  it('finds its credentials, its project and proof of who it is there', async () => {
    const program = `
      const { GoogleAuth } = await import('google-auth-library')
      const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/devstorage.read_only' })
      const { idTokenProvider } = await auth.getIdTokenClient('https://one.example')
      const identity = await idTokenProvider.fetchIdToken('https://one.example')
      const { client_email: email } = await auth.getCredentials()
      const [token, project] = await Promise.all([auth.getAccessToken(), auth.getProjectId()])
      console.log(JSON.stringify({ token, project, identity, email }))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: new URL('../..', import.meta.url).pathname,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environmentOf(`127.0.0.1:${server.port}`) },
    })
    const found = z.object({ identity: z.string() }).loose().parse(JSON.parse(stdout))
    expect(found).toMatchObject({
      project: 'their-project',
      email,
      token: expect.stringMatching(new RegExp(`^access \\d of ${email}$`)),
    })
    expect(claimsOf(found.identity)).toMatchObject({ aud: 'https://one.example', email })
  })
})
