import type { Assignment } from '../../model/index.ts'
import type { OpenOptions, Sandbox, Workspace } from './sandbox.ts'

/** Containers where the job has an image, or all jobs have one by default; processes where it has none. */
export class ChooseSandbox implements Sandbox {
  readonly #containers: Sandbox
  readonly #processes: Sandbox
  readonly #defaultImage: string | undefined

  constructor(containers: Sandbox, processes: Sandbox, defaultImage?: string) {
    this.#containers = containers
    this.#processes = processes
    this.#defaultImage = defaultImage
  }

  open(assignment: Assignment, options: OpenOptions): Promise<Workspace> {
    const image = assignment.template.image ?? this.#defaultImage
    if (image === undefined || !options.hasCommands) return this.#processes.open(assignment, options)
    const isDefaultImage = assignment.template.image === undefined
    return this.#containers.open(
      { ...assignment, template: { ...assignment.template, image } },
      { ...options, isDefaultImage },
    )
  }
}
