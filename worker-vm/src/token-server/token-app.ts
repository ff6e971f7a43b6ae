import { type Context, Hono } from 'hono'
import type { CallerAt, JobIdentity } from './job-identity.ts'

export interface TokenAppOptions {
  readonly callerAt: CallerAt
  /** Where a request comes from. */
  readonly addressOf: (context: Context) => string | undefined
  /** Told why a token could not be had, which the job is not: the reason may be the machine's own affair. */
  readonly onFailure: (error: Error) => void
}

const v1 = '/computeMetadata/v1'
const accounts = `${v1}/instance/service-accounts`
const accountFields = ['aliases', 'email', 'identity', 'scopes', 'token']

/**
 * What a metadata server tells clients of Google about service accounts, for the job that asks and for no other: none of
 * the machine's own secrets are here. Paths and rules as in
 * https://cloud.google.com/compute/docs/metadata/querying-metadata (2026-11)
 */
export function tokenApp({ callerAt, addressOf, onFailure }: TokenAppOptions): Hono {
  const app = new Hono({ strict: false })
  app.use(async (context, next) => {
    await next()
    context.header('Metadata-Flavor', 'Google')
    context.header('Server', 'Metadata Server for VM')
  })
  app.get('/', (context) => context.text('computeMetadata/\n'))
  app.use(`${v1}/*`, async (context, next) => refusalOf(context) ?? next())
  const forJob = (answer: Answer) => async (context: Context) => {
    const caller = await callerAt(addressOf(context) ?? '')
    if (caller.kind === 'stranger') return context.text('no job has this address\n', 403)
    return caller.identity === undefined ? context.text(noAccount, 404) : answer(caller.identity, context)
  }
  addProject(app, forJob)
  addAccounts(app, forJob)
  app.onError((error, context) => {
    onFailure(error)
    return context.text('the token could not be had; try again\n', 503)
  })
  return app
}

type Answer = (identity: JobIdentity, context: Context) => Response | Promise<Response>
type ForJob = (answer: Answer) => (context: Context) => Promise<Response>

const noAccount = 'jobs have no service account here: the deployment names none to its workers (GRAUPEL_JOB_ACCOUNT)\n'

/** A browser, or a server that was talked into asking, does not send the one header, or sends the other. */
function refusalOf(context: Context): Response | undefined {
  const isMeant = context.req.header('metadata-flavor')?.toLowerCase() === 'google'
  const isForwarded = context.req.header('x-forwarded-for') !== undefined
  if (isMeant && !isForwarded) return undefined
  return context.text("send the header 'Metadata-Flavor: Google', and not 'X-Forwarded-For'\n", 403)
}

function addProject(app: Hono, forJob: ForJob): void {
  const text = (value: (identity: JobIdentity) => string | Promise<string>) =>
    forJob(async (identity, context) => context.text(await value(identity)))
  app.get(
    `${v1}/instance`,
    text(() => 'service-accounts/\n'),
  )
  app.get(
    `${v1}/project/project-id`,
    text(({ project }) => project),
  )
  // By which gcloud tells that it is on Google Cloud.
  app.get(
    `${v1}/project/numeric-project-id`,
    text((identity) => identity.projectNumber()),
  )
  app.get(
    `${v1}/universe/universe-domain`,
    text(() => 'googleapis.com'),
  )
}

function addAccounts(app: Hono, forJob: ForJob): void {
  const ofAccount = (answer: Answer) =>
    forJob((identity, context) => {
      const account = context.req.param('account')
      const isOwn = account === 'default' || account === identity.email
      return isOwn ? answer(identity, context) : context.text('no such service account\n', 404)
    })
  const account = `${accounts}/:account`
  app.get(
    accounts,
    forJob((identity, context) => {
      const { email } = identity
      if (isRecursive(context)) return context.json({ default: describe(identity), [email]: describe(identity) })
      return context.text(`default/\n${email}/\n`)
    }),
  )
  app.get(
    account,
    ofAccount((identity, context) =>
      isRecursive(context) ? context.json(describe(identity)) : context.text(lines(accountFields)),
    ),
  )
  app.get(
    `${account}/email`,
    ofAccount(({ email }, context) => context.text(email)),
  )
  app.get(
    `${account}/aliases`,
    ofAccount((_, context) => context.text(lines(['default']))),
  )
  app.get(
    `${account}/scopes`,
    ofAccount(({ scopes }, context) => context.text(lines(scopes))),
  )
  app.get(`${account}/token`, ofAccount(giveAccessToken))
  app.get(`${account}/identity`, ofAccount(giveIdentityToken))
}

async function giveAccessToken(identity: JobIdentity, context: Context): Promise<Response> {
  const scopes = (context.req.query('scopes') ?? '').split(',').filter((scope) => scope !== '')
  const { token, expiresAt } = await identity.accessToken(scopes)
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
  return context.json({ access_token: token, expires_in: seconds, token_type: 'Bearer' })
}

async function giveIdentityToken(identity: JobIdentity, context: Context): Promise<Response> {
  const audience = context.req.query('audience')
  if (audience === undefined || audience === '') return context.text('the query names no audience\n', 400)
  return context.text(await identity.identityToken(audience))
}

const describe = ({ email, scopes }: JobIdentity) => ({ aliases: ['default'], email, scopes })

const isRecursive = (context: Context) => context.req.query('recursive')?.toLowerCase() === 'true'

const lines = (items: readonly string[]) => items.map((item) => `${item}\n`).join('')
