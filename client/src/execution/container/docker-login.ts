import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { ImageAuth } from './pull-image.ts'
import { hostOf, registryOf } from './registry-of.ts'

/** What `docker login` leaves: credentials themselves, or the program that keeps them. */
const loginsSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
})

const keptSchema = z.object({ Username: z.string(), Secret: z.string() })

/** Of a helper that has a token for a registry, and no password. */
const tokenUser = '<token>'

/** The credentials with which this user is logged in to an image's registry, if any. */
export async function dockerLoginOf(
  image: string,
  folder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'),
): Promise<ImageAuth | undefined> {
  const registry = registryOf(image)
  const config = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')
  const { auths = {}, credHelpers = {}, credsStore } = loginsSchema.parse(JSON.parse(config))
  const helper = keptFor(registry, credHelpers) ?? credsStore
  if (helper !== undefined) return askHelper(helper, registry)
  const { auth = '', identitytoken } = keptFor(registry, auths) ?? {}
  if (auth === '' && identitytoken === undefined) return undefined
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString().split(':')
  return { username, password: password.join(':'), ...(identitytoken && { identitytoken }), serveraddress: registry }
}

/** Under its very name, or under another way to write it. */
function keptFor<T>(registry: string, kept: Readonly<Record<string, T>>): T | undefined {
  if (Object.hasOwn(kept, registry)) return kept[registry]
  return Object.entries(kept).find(([name]) => hostOf(name) === hostOf(registry))?.[1]
}

/** A helper that knows nothing of the registry, or is not there, is no reason not to try without. */
async function askHelper(helper: string, registry: string): Promise<ImageAuth | undefined> {
  const child = spawn(`docker-credential-${helper}`, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: 30_000 })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.stdin.end(registry)
  try {
    const { Username, Secret } = keptSchema.parse(JSON.parse(await text(child.stdout)))
    if (Username === tokenUser) return { username: '', password: '', identitytoken: Secret, serveraddress: registry }
    return { username: Username, password: Secret, serveraddress: registry }
  } catch {
    return undefined
  }
}
