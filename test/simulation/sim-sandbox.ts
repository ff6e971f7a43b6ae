import type { Command, CommandEnd, FoundOutput, Sandbox, Workspace } from 'graupel/execution'
import type { Assignment } from 'graupel/model'
import type { ObjectStore } from 'graupel/storage'
import type { Container, Ghost } from './ghost.ts'
import type { SimProcess } from './sim-process.ts'
import { type JobPlan, outputPath, outputText } from './workload.ts'
import type { World } from './world.ts'

/** What runs containers on a machine. They outlive the agent that started them, not the machine. */
export interface ContainerHost {
  readonly name: string
  readonly wasFrozen: boolean
  readonly containers: Set<RunningContainer>
}

/** One container: ends by itself, or by a kill. */
export class RunningContainer {
  readonly ended: Promise<CommandEnd>
  readonly #ghost: Ghost
  readonly #container: Container
  readonly #host: ContainerHost
  #finish: (end: CommandEnd) => void = () => undefined
  #isOver = false

  constructor(world: World, ghost: Ghost, host: ContainerHost, job: JobPlan, attempt: number) {
    this.#ghost = ghost
    this.#host = host
    this.#container = ghost.containerStarts(job, attempt, host)
    this.ended = new Promise((resolve) => {
      this.#finish = resolve
    })
    host.containers.add(this)
    world.after(job.durationMs, () => {
      if (!this.#isOver) this.end({ kind: 'exited', exitCode: ghost.exitCode(job) })
    })
  }

  end(end: CommandEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#host.containers.delete(this)
    const exitCode = end.kind === 'exited' ? end.exitCode : undefined
    this.#ghost.containerEnds(this.#container, exitCode === undefined ? end.kind : `exit ${exitCode}`, exitCode)
    this.#finish(end)
  }
}

interface SandboxSurroundings {
  readonly world: World
  readonly ghost: Ghost
  readonly host: ContainerHost
  readonly agent: SimProcess
  readonly objects: ObjectStore
  readonly planOf: (name: string) => JobPlan
}

/** Attempts without files or processes: their commands take the planned time and end as planned. */
export class SimSandbox implements Sandbox {
  readonly #around: SandboxSurroundings

  constructor(around: SandboxSurroundings) {
    this.#around = around
  }

  async open(assignment: Assignment): Promise<Workspace> {
    return new SimWorkspace(this.#around, this.#around.planOf(assignment.name ?? ''), assignment.attempt)
  }
}

class SimWorkspace implements Workspace {
  readonly root = '/work'
  readonly #around: SandboxSurroundings
  readonly #job: JobPlan
  readonly #attempt: number
  readonly #files = new Map<string, string>()

  constructor(around: SandboxSurroundings, job: JobPlan, attempt: number) {
    this.#around = around
    this.#job = job
    this.#attempt = attempt
  }

  async makeFolder(): Promise<void> {
    // Folders have no meaning here.
  }

  async clearFolder(): Promise<void> {
    // As above.
  }

  async link(): Promise<void> {
    // Nor have links.
  }

  async stageLocal(): Promise<'missing'> {
    return 'missing'
  }

  async stageIn(object: Parameters<Workspace['stageIn']>[0], path: string): Promise<void> {
    const bytes = await this.#around.objects.read(object.uri, { generation: object.generation })
    const text = new TextDecoder().decode(bytes)
    this.#around.ghost.checkInput(this.#job, path, text)
    this.#files.set(path, text)
  }

  async run(command: Command): Promise<CommandEnd> {
    const { world, ghost, host, agent } = this.#around
    if (command.signal.aborted) return { kind: 'killed' }
    const container = new RunningContainer(world, ghost, host, this.#job, this.#attempt)
    const kill = () => void world.sleep(Math.min(500, command.graceMs())).then(() => container.end({ kind: 'killed' }))
    command.signal.addEventListener('abort', kill, { once: true })
    const end = await agent.call(() => container.ended)
    command.signal.removeEventListener('abort', kill)
    this.#files.set(outputPath(this.#job.name), outputText(this.#job.name, this.#attempt))
    return end
  }

  async inspect(path: string): Promise<FoundOutput | undefined> {
    return this.#files.has(path) ? { kind: 'file', isExecutable: false } : undefined
  }

  async placeText(text: string, path: string): Promise<void> {
    this.#around.ghost.checkInput(this.#job, path, text)
    this.#files.set(path, text)
  }

  async readText(path: string): Promise<string | undefined> {
    return this.#files.get(path)
  }

  async stageOut(path: string, uri: string) {
    return this.#around.objects.write(uri, this.#files.get(path) ?? '')
  }

  async remove(): Promise<void> {
    this.#files.clear()
  }
}
