import type { Hono, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { ApiServices } from '../api-services.ts'
import {
  bunchSchema,
  createFastSchema,
  hailBatchSchema,
  hailUpdateSchema,
  updateFastSchema,
} from './hail-submission.ts'
import { readBody } from './read-body.ts'
import { badRequest } from './refuse.ts'
import { Submitter } from './submitter.ts'
import { userOf } from './user-of.ts'

const maxBodyMiB = 8

const limitBody: MiddlewareHandler = bodyLimit({
  maxSize: maxBodyMiB * 2 ** 20,
  onError: () => {
    throw new HTTPException(413, { message: `a request has at most ${maxBodyMiB} MiB: send smaller bunches` })
  },
})

/** Batches and updates: fast in one request, or announced, sent in bunches and committed. */
export function addSubmitRoutes(api: Hono, services: ApiServices): void {
  const submitter = () => openSubmitter(services)
  api.post('/batches/create-fast', limitBody, async (context) => {
    const { batch, bunch } = await readBody(context, createFastSchema)
    return context.json(await submitter().createFast(userOf(context.req.raw.headers), batch, bunch))
  })
  api.post('/batches/create', limitBody, async (context) => {
    const batch = await readBody(context, hailBatchSchema)
    return context.json(await submitter().create(userOf(context.req.raw.headers), batch))
  })
  api.post('/batches/:batch/update-fast', limitBody, async (context) => {
    const { update, bunch } = await readBody(context, updateFastSchema)
    const user = userOf(context.req.raw.headers)
    return context.json(await submitter().updateFast(context.req.param('batch'), user, update, bunch))
  })
  api.post('/batches/:batch/updates/create', limitBody, async (context) => {
    const update = await readBody(context, hailUpdateSchema)
    const user = userOf(context.req.raw.headers)
    return context.json(await submitter().createUpdate(context.req.param('batch'), user, update))
  })
  api.post('/batches/:batch/updates/:update/jobs/create', limitBody, async (context) => {
    const { batch, update } = context.req.param()
    await submitter().addBunch(batch, updateNumber(update), await readBody(context, bunchSchema))
    return context.json({})
  })
  api.patch('/batches/:batch/updates/:update/commit', limitBody, async (context) => {
    const { batch, update } = context.req.param()
    return context.json(await submitter().commit(batch, updateNumber(update)))
  })
}

function openSubmitter(services: ApiServices): Submitter {
  const { remoteTmpdir } = services.placement
  if (remoteTmpdir !== undefined) return new Submitter(services, remoteTmpdir)
  throw new HTTPException(501, {
    message: 'this service has no place for files of batches; deploy it with GRAUPEL_REMOTE_TMPDIR=gs://bucket/folder',
  })
}

function updateNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw badRequest(`'${text}' is not the number of an update`)
}
