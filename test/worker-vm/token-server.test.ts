import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JobIdentity } from '../../worker-vm/src/token-server/job-identity.ts'
import { serveTokens, type TokenServer } from '../../worker-vm/src/token-server/serve-tokens.ts'
import { tokenApp } from '../../worker-vm/src/token-server/token-app.ts'

const identity = (name: string): JobIdentity => ({
  project: 'their-project',
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
])

const account = '/computeMetadata/v1/instance/service-accounts/default'
const tokenSchema = z.object({ access_token: z.string() })
const flavor = { 'Metadata-Flavor': 'Google' }

const tokenOf = async (response: Response) => tokenSchema.parse(await response.json()).access_token

const ask = (path: string, from = '172.17.0.2', headers: Record<string, string> = flavor) =>
  tokenApp(
    (address) => jobs.get(address),
    () => from,
  ).request(path, { headers })

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

  it('does not tell why a token could not be had', async () => {
    const broken = { ...identity('ann'), accessToken: () => Promise.reject(new Error('secret')) }
    const app = tokenApp(
      () => broken,
      () => '172.17.0.2',
    )
    const response = await app.request(`${account}/token`, { headers: flavor })
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret')
  })
})

describe('a client of Google', () => {
  let server: TokenServer

  beforeEach(async () => {
    server = await serveTokens((address) => (address === '127.0.0.1' ? identity('ann') : undefined), '127.0.0.1')
  })

  afterEach(() => server.close())

  it('finds its credentials and its project there', async () => {
    const program = `
      const { PubSub } = await import('@google-cloud/pubsub')
      const { auth } = new PubSub()
      const [token, project] = await Promise.all([auth.getAccessToken(), auth.getProjectId()])
      console.log(JSON.stringify({ token, project }))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: new URL('../..', import.meta.url).pathname,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GCE_METADATA_HOST: server.host },
    })
    expect(JSON.parse(stdout)).toMatchObject({
      project: 'their-project',
      token: expect.stringMatching(/^token of ann/),
    })
  })
})
