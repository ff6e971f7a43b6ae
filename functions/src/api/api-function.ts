import type { HttpFunction } from '@google-cloud/functions-framework'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ApiServices } from './api-services.ts'
import { addBatchRoutes } from './batch-routes.ts'
import { addJobQueries, addJobRoutes } from './job-routes.ts'
import { addLogRoutes } from './log-routes.ts'
import { addSubmitRoutes } from './submit/submit-routes.ts'

/** Batches over HTTP, with paths and shapes of Hail's REST interface where it has them. */
export function makeApi(services: ApiServices): Hono {
  const server = new Hono()
  const api = server.basePath('/api/v1alpha')
  addBatchRoutes(api, services)
  addJobRoutes(api, services)
  addLogRoutes(api, services)
  addSubmitRoutes(api, services)
  addJobQueries(server.basePath('/api/v2alpha'), services)
  server.notFound((context) => context.json({ message: `there is no ${context.req.path}` }, 404))
  server.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ message: error.message }, error.status)
    throw error
  })
  return server
}

export function makeApiFunction(services: ApiServices): HttpFunction {
  const listen = getRequestListener(makeApi(services).fetch)
  return (request, response) => listen(request, response)
}
