import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { Clock } from '../clock.ts'
import { mountBuckets, unmountBuckets } from '../cloudfuse/mount-buckets.ts'
import { type BucketMount, planMounts } from '../cloudfuse/mount-plan.ts'
import { attemptFolderOf } from '../sandbox/attempt-folder.ts'
import { HostFolder } from '../sandbox/host-folder.ts'
import type { Command, CommandEnd, OpenOptions, Program, Sandbox, Workspace } from '../sandbox/sandbox.ts'
import { connectDocker } from './connect-docker.ts'
import { type ContainerPlan, containerRequest, innerRootOf, scriptPath } from './container-request.ts'
import { type ImageAuth, Images } from './images.ts'
import { runContainer } from './run-container.ts'
import { type ParsedRunFlags, parseRunFlags } from './run-flags.ts'

export interface ContainerSandboxOptions {
  /** An absolute path, the same for the Docker engine as for this process; attempts get folders below it. */
  readonly scratch: string
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Unique among the agents of this machine, and the same when one starts again. Labels its containers. */
  readonly agent: string
  /** Called once, when the first container is needed. Default: `connectDocker`. */
  readonly connect?: (() => Promise<Docker>) | undefined
  /** Who the commands are, `uid:gid`: normally this process's own, so that it can read and delete what they make. */
  readonly user: string
  /** Credentials for an image's registry. Default: none. */
  readonly authOf?: ((image: string) => Promise<ImageAuth | undefined>) | undefined
  /** Flags of `docker run` for every container; those that are supported are listed in `run-flags.ts`. */
  readonly extraRunFlags?: readonly string[] | undefined
  /** Where buckets are mounted, in folders of this sandbox's own: nothing below is ever deleted. Absent: none are. */
  readonly mountsFolder?: string | undefined
  /** A service account's key, shown to the commands as `/gsa-key/key.json`. */
  readonly gsaKeyFile?: string | undefined
}

/** Runs commands in a container of the job's image, made for the attempt and removed after it. */
export class ContainerSandbox implements Sandbox {
  readonly #options: ContainerSandboxOptions
  readonly #images: Images
  #docker: Promise<Docker> | undefined
  readonly #flags: ParsedRunFlags

  constructor(options: ContainerSandboxOptions) {
    this.#options = options
    this.#images = new Images(options, () => this.#connect())
    this.#flags = parseRunFlags(options.extraRunFlags ?? [])
  }

  async open(assignment: Assignment, { hasCommands, signal, objects }: OpenOptions): Promise<Workspace> {
    const { scratch } = this.#options
    const image = imageOf(assignment)
    if (hasCommands) await this.#images.ensure(image, signal)
    const folder = attemptFolderOf(scratch, assignment)
    const root = innerRootOf(assignment.batch)
    const hostRoot = join(folder, 'files')
    const links = { hostRoot, innerRoot: root }
    const host = new HostFolder({ folder, objects: objects ?? this.#options.objects, localInputs: 'copy', links })
    const mounts = await this.#mount(assignment)
    await host.make().catch(async (error) => {
      await unmountBuckets(mounts)
      throw error
    })
    return {
      root,
      makeFolder: (path) => host.makeFolder(path),
      clearFolder: (path) => host.clearFolder(path),
      stageIn: (object, path) => host.stageIn(object, path),
      stageLocal: (source, path) => host.stageLocal(source, path),
      link: (link) => host.link(link),
      run: (command) => this.#run(command, assignment, { image, folder, mounts }),
      inspect: (path) => host.inspect(path),
      stageOut: (path, uri, options) => host.stageOut(path, uri, options),
      remove: async () => {
        await unmountBuckets(mounts)
        await host.remove()
      },
    }
  }

  #connect(): Promise<Docker> {
    this.#docker ??= (this.#options.connect ?? connectDocker)()
    return this.#docker
  }

  async #mount(assignment: Assignment): Promise<readonly BucketMount[]> {
    const { mountsFolder, user } = this.#options
    if ((assignment.template.cloudfuse?.length ?? 0) === 0) return []
    if (mountsFolder === undefined) throw unmountable(assignment)
    const mounts = planMounts(assignment, mountsFolder, this.#flags.user ?? user)
    await mountBuckets(mounts, assignment)
    return mounts
  }

  /** Both outputs go one way, so that what a job prints stays in the order in which it was printed. */
  async #run(command: Command, assignment: Assignment, place: ContainerPlace): Promise<CommandEnd> {
    const { image, folder } = place
    const { agent, clock, gsaKeyFile, user } = this.#options
    const words = await wordsOf(command.program, folder)
    const request = containerRequest({
      assignment,
      command,
      words,
      ...place,
      agent,
      user,
      flags: this.#flags,
      ...(gsaKeyFile === undefined ? {} : { gsaKeyFile }),
    })
    return runContainer(await this.#connect(), request, { ...command, words, image, clock })
  }
}

async function wordsOf(program: Program, folder: string): Promise<readonly [string, ...string[]]> {
  switch (program.kind) {
    case 'script':
      await writeFile(join(folder, 'script'), `exec 2>&1\n${program.script}`)
      return [program.shell, scriptPath]
    case 'calls':
      throw new Error('calls of functions cannot be run yet')
    default:
      return program satisfies never
  }
}

/** Where a container's files are. */
type ContainerPlace = Pick<ContainerPlan, 'image' | 'folder' | 'mounts'>

function unmountable({ name, job }: Assignment): AttemptFault {
  const message = `Job '${name ?? job}' mounts a bucket with cloudfuse, which this worker cannot do; read the files as inputs.`
  return new AttemptFault('image', message)
}

function imageOf({ template, name, job }: Assignment): string {
  if (template.image !== undefined) return template.image
  throw new AttemptFault('image', `Job '${name ?? job}' has no image, and this worker runs containers only.`)
}
