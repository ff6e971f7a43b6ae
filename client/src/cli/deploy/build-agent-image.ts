import { readdirSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type Docker from 'dockerode'
import { lastLines } from '../../errors/last-lines.ts'
import { ServiceError } from '../../errors/service-error.ts'
import { buildImage } from '../../images/build-image.ts'
import { pushImage } from '../../images/push-image.ts'
import type { GoogleApi } from '../google/google-api.ts'
import type { AgentImage } from './agent-image.ts'

/** Of the machines, whatever this machine is: https://docs.docker.com/build/building/multi-platform (2026-11). */
const platform = 'linux/amd64'
const otherWay = 'or name an image that is in a registry already: --worker-image <image>'

/** And what to do; `undefined` if an image can be built. */
async function whyNoBuild(docker: Docker): Promise<string | undefined> {
  try {
    await docker.ping()
    return undefined
  } catch (error) {
    return `The agent's image must be built, and Docker cannot be reached (${wordsOf(error)}). Start Docker and see that 'docker info' works for this user, ${otherWay}`
  }
}

/** An image that cannot be built stops a deployment before it has changed anything; a plan only tells. @throws ServiceError */
export async function checkBuild(
  docker: Docker,
  image: AgentImage,
  { isPlan, say }: { readonly isPlan: boolean; readonly say: (line: string) => void },
): Promise<void> {
  const problem = image.state === 'missing' ? await whyNoBuild(docker) : undefined
  if (problem === undefined) return
  if (!isPlan) throw new ServiceError({ message: `Nothing is done. ${problem}` })
  say(problem)
}

export interface AgentBuild {
  readonly reference: string
  readonly context: string
  /** Values of the Dockerfile's `ARG`s; a test's business. */
  readonly buildArgs?: Readonly<Record<string, string>>
}

/** @throws ServiceError with the last lines of Docker's */
export async function buildAgentImage(
  docker: Docker,
  { reference, context, buildArgs }: AgentBuild,
  say: (line: string) => void,
): Promise<void> {
  let output = ''
  try {
    const build = { name: reference, context, files: readdirSync(context), platform, buildArgs }
    await buildImage(docker, build, (text) => {
      const plain = stripVTControlCharacters(text)
      output += plain
      for (const line of plain.split('\n')) if (line.startsWith('Step ')) say(`  ${line}`)
    })
  } catch (error) {
    const said = `${output.trimEnd()}\n${wordsOf(error)}`
    const message = `The agent's image cannot be built${remedyOf(said)}. Docker's last lines:${lastLines(said)}`
    throw new ServiceError({ message, cause: error })
  }
}

/** An engine of another architecture runs the build's steps by emulation, if it has that. */
const remedyOf = (said: string): string =>
  /exec format error/i.test(said)
    ? `, for this machine cannot run programs of ${platform}: install QEMU for Docker (https://docs.docker.com/build/building/multi-platform), ${otherWay}`
    : ''

/** With the login's own token, so that nobody needs `docker login`. @throws ServiceError */
export async function pushAgentImage(docker: Docker, api: GoogleApi, reference: string): Promise<void> {
  const [host = ''] = reference.split('/')
  const auth = {
    username: 'oauth2accesstoken',
    password: await api.accessToken(),
    serveraddress: `https://${host}`,
  }
  try {
    await pushImage(docker, reference, auth)
  } catch (error) {
    const message = `The agent's image has been built, but ${host} does not take it: ${wordsOf(error)}. Ask for roles/artifactregistry.writer and deploy again; until then, new machines have nothing to run.`
    throw new ServiceError({ message, cause: error })
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
