import { type Agent, request as requestHttp } from 'node:http'
import { request as requestHttps, type Agent as SecureAgent } from 'node:https'
import type { HttpRequest, StoredTask } from './stored-task.ts'
import { shortName } from './stored-task.ts'

export interface Agents {
  readonly http: Agent
  readonly https: SecureAgent
}

/** Sends a task to its handler. The handler's status, or `undefined` if it gave none in time. */
export function dispatchHttp(agents: Agents, queue: string, task: StoredTask): Promise<number | undefined> {
  const { url, httpMethod, body } = task.request
  const isSecure = url.startsWith('https:')
  const send = isSecure ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const sent = send(url, {
      agent: isSecure ? agents.https : agents.http,
      method: httpMethod,
      headers: { ...headersOf(queue, task), 'content-length': body.length },
      signal: AbortSignal.timeout(task.deadlineMs),
    })
    sent.on('error', () => resolve(undefined))
    sent.on('response', (response) => {
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode)).resume()
    })
    sent.end(body)
  })
}

/** https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler (2026-11) */
function headersOf(queue: string, task: StoredTask): Record<string, string> {
  return {
    ...(task.request.body.length > 0 && { 'content-type': 'application/octet-stream' }),
    ...lowerCased(task.request.headers),
    ...authorizationOf(task.request),
    'user-agent': 'Google-Cloud-Tasks',
    'x-cloudtasks-queuename': shortName(queue),
    'x-cloudtasks-taskname': shortName(task.name),
    'x-cloudtasks-taskretrycount': String(task.dispatchCount - 1),
    'x-cloudtasks-taskexecutioncount': String(task.responseCount),
    'x-cloudtasks-tasketa': (task.dueAt / 1000).toFixed(6),
    ...(task.lastStatus !== undefined && { 'x-cloudtasks-taskpreviousresponse': String(task.lastStatus) }),
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** A token of the real one's shape that nobody signed: a handler sees who calls, and must not believe it. */
function authorizationOf({ oidcToken, url }: HttpRequest): Record<string, string> {
  if (!oidcToken?.serviceAccountEmail) return {}
  const claims = { email: oidcToken.serviceAccountEmail, email_verified: true, aud: oidcToken.audience || url }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return { authorization: `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.` }
}
