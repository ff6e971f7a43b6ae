import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Assignment } from '../../model/index.ts'
import type { ObjectStore } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { makeCallFolder } from '../calls/call-folder.ts'
import { runCallsInImage } from '../calls/calls-in-image.ts'
import type { Clock } from '../clock.ts'
import { mountBuckets, unmountBuckets } from '../cloudfuse/mount-buckets.ts'
import { type BucketMount, planMounts } from '../cloudfuse/mount-plan.ts'
import { attemptFolderOf } from '../sandbox/attempt-folder.ts'
import { DiskWatch } from '../sandbox/disk-watch.ts'
import { HostFolder } from '../sandbox/host-folder.ts'
import type { Command, CommandEnd, OpenOptions, Sandbox, Workspace } from '../sandbox/sandbox.ts'
import { FolderSize } from '../usage/folder-size.ts'
import { commandUser } from './command-user.ts'
import { connectDocker } from './connect-docker.ts'
import type { ContainerAccelerators } from './container-accelerators.ts'
import { callsPath, containerRequest, innerRootOf, scriptPath } from './container-request.ts'
import { startFault } from './docker-faults.ts'
import { Images } from './images.ts'
import type { ImageAuth } from './pull-image.ts'
import { type ContainerFiles, runContainer } from './run-container.ts'
import { type ParsedRunFlags, parseRunFlags } from './run-flags.ts'
import { WorkingFolders } from './working-folder.ts'
import { WrittenInside } from './written-inside.ts'

export interface ContainerSandboxOptions {
  /** An absolute path, the same for the Docker engine as for this process; attempts get folders below it. */
  readonly scratch: string
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Unique among the agents of this machine, and the same when one starts again. Labels its containers. */
  readonly agent: string
  /** Called once, when the first container is needed. Default: `connectDocker`. */
  readonly connect?: (() => Promise<Docker>) | undefined
  /**
   * Who the commands are, `uid:gid`. Default: where this process is root, the image's own user; else this process's, so
   * that it can read and delete what they make.
   */
  readonly user?: string | undefined
  /** Credentials for an image's registry. Default: none. */
  readonly authOf?: ((image: string) => Promise<ImageAuth | undefined>) | undefined
  /** A tag's registry is asked again after so many ms. Default: an image that is here is used as it is. */
  readonly imageRefreshMs?: number | undefined
  /** Images of Docker Hub are pulled from this repository. Default: from Docker Hub. */
  readonly dockerHubMirror?: string | undefined
  /** The engine is a part of this machine: where it does not answer, the machine is broken. Default: some have none. */
  readonly hasEngine?: boolean | undefined
  /** Shared by all sandboxes of a machine, so that a full disk ends one job and not one of each. Default: its own. */
  readonly diskWatch?: DiskWatch | undefined
  /** Flags of `docker run` for every container; those that are supported are listed in `run-flags.ts`. */
  readonly extraRunFlags?: readonly string[] | undefined
  /** What commands see beside their own environment, which counts more. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Where buckets are mounted, in folders of this sandbox's own: nothing below is ever deleted. Absent: none are. */
  readonly mountsFolder?: string | undefined
  /** Of the machine, shown to every container. Absent: it has none. */
  readonly accelerators?: ContainerAccelerators | undefined
  /** A service account's key, shown to the commands as `/gsa-key/key.json`. */
  readonly gsaKeyFile?: string | undefined
}

interface UsedImage {
  readonly name: string
  readonly id: string
  /** No job has asked for it by name. */
  readonly isDefault: boolean
}

/** Owns the files of a mounted bucket where the image decides who the commands are: most images' own user. */
const rootUser = '0:0'

/** Runs commands in a container of the job's image, made for the attempt and removed after it. */
export class ContainerSandbox implements Sandbox {
  readonly #options: ContainerSandboxOptions
  readonly #images: Images
  readonly #workingFolders = new WorkingFolders()
  #docker: Promise<Docker> | undefined
  #dataFolder: Promise<string | undefined> | undefined
  readonly #disk: DiskWatch
  readonly #flags: ParsedRunFlags
  readonly #user: string | undefined

  constructor(options: ContainerSandboxOptions) {
    this.#options = options
    this.#disk = options.diskWatch ?? new DiskWatch(options.scratch, options.clock)
    this.#user = options.user ?? commandUser()
    this.#flags = parseRunFlags(options.extraRunFlags ?? [])
    this.#images = new Images({ ...options, platform: this.#flags.platform }, () => this.#connect())
  }

  async open(
    assignment: Assignment,
    { hasCommands, signal, objects = this.#options.objects, isDefaultImage = false }: OpenOptions,
  ): Promise<Workspace> {
    const { scratch } = this.#options
    const name = imageOf(assignment)
    const id = hasCommands ? await this.#images.ensure(name, signal) : name
    const image = { name, id, isDefault: isDefaultImage }
    const folder = attemptFolderOf(scratch, assignment)
    const root = innerRootOf(assignment.batch)
    const hostRoot = join(folder, 'files')
    const links = { hostRoot, innerRoot: root }
    const host = new HostFolder({
      folder,
      objects,
      localInputs: 'copy',
      links,
      isForAnyUser: this.#user === undefined,
      // It may be the superuser.
      ...(this.#flags.user === undefined ? {} : { ignoresPermissions: true }),
    })
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
      placeText: (text, path) => host.placeText(text, path),
      link: (link) => host.link(link),
      run: (command) => this.#run(command, assignment, { image, folder, mounts }),
      inspect: (path) => host.inspect(path),
      readText: (path, maxBytes) => host.readText(path, maxBytes),
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
    const { mountsFolder } = this.#options
    if ((assignment.template.cloudfuse?.length ?? 0) === 0) return []
    if (mountsFolder === undefined) throw unmountable(assignment)
    const mounts = planMounts(assignment, mountsFolder, this.#flags.user ?? this.#user ?? rootUser)
    await mountBuckets(mounts, assignment)
    return mounts
  }

  /** Both outputs go one way, so that what a job prints stays in the order in which it was printed. */
  async #run(command: Command, assignment: Assignment, { image, folder, mounts }: ContainerPlace): Promise<CommandEnd> {
    const { agent, clock, environment, gsaKeyFile } = this.#options
    const words = await wordsOf(command, assignment, folder)
    const docker = await this.#connect()
    const workingFolder = await this.#workingFolderOf(docker, image, words[0])
    const request = containerRequest({
      assignment,
      command,
      words,
      image: image.id,
      workingFolder,
      folder,
      mounts,
      agent,
      accelerators: this.#options.accelerators,
      user: this.#user,
      flags: this.#flags,
      environment,
      ...(gsaKeyFile === undefined ? {} : { gsaKeyFile }),
    })
    const dataFolder = await this.#dataFolderOf(docker)
    const files = { folder: join(folder, 'files'), limitBytes: assignment.template.storageBytes }
    const filesOf = (container: Docker.Container): ContainerFiles => {
      const inside = new WrittenInside(docker, container)
      const elsewhere = { folder: dataFolder, bytes: () => inside.bytes() }
      return {
        watch: (onOver) => this.#disk.add({ ...files, elsewhere, onOver }),
        size: new FolderSize(files.folder, elsewhere.bytes),
      }
    }
    const run = () => runContainer(docker, request, { ...command, words, image: image.name, clock, filesOf })
    if (command.program.kind === 'script') return run()
    return runCallsInImage(run, command.program.task, image.name, join(folder, 'calls'))
  }

  async #workingFolderOf(docker: Docker, image: UsedImage, program: string): Promise<string | undefined> {
    if (image.isDefault) return undefined
    return this.#workingFolders.of(docker, image.id).catch((error) => {
      throw startFault(image.name, program, error)
    })
  }

  /** Where the engine keeps what is written into containers, which may be another disk. */
  #dataFolderOf(docker: Docker): Promise<string | undefined> {
    this.#dataFolder ??= docker.info().then(
      (info) => (typeof info.DockerRootDir === 'string' ? info.DockerRootDir : undefined),
      () => undefined,
    )
    return this.#dataFolder
  }
}

async function wordsOf(
  { program, env }: Command,
  { batch, memoryBytes }: Assignment,
  folder: string,
): Promise<readonly [string, ...string[]]> {
  switch (program.kind) {
    case 'script':
      await writeFile(join(folder, 'script'), `exec 2>&1\n${program.script}`)
      return [program.shell, scriptPath]
    case 'calls':
      return makeCallFolder({ host: join(folder, 'calls'), inner: callsPath }, program.task, {
        root: innerRootOf(batch),
        memoryBytes,
        env,
      })
    default:
      return program satisfies never
  }
}

/** Where a container's files are. */
interface ContainerPlace {
  readonly folder: string
  readonly image: UsedImage
  readonly mounts: readonly BucketMount[]
}

function unmountable({ name, job }: Assignment): AttemptFault {
  const message = `Job '${name ?? job}' mounts a bucket with cloudfuse, which this worker cannot do; read the files as inputs.`
  return new AttemptFault('image', message)
}

function imageOf({ template, name, job }: Assignment): string {
  if (template.image !== undefined) return template.image
  throw new AttemptFault('image', `Job '${name ?? job}' has no image, and this worker runs containers only.`)
}
