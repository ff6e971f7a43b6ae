import type { Assignment } from '../../model/index.ts'
import type { OpenOptions, Sandbox, Workspace } from './sandbox.ts'

/** Containers where the job has an image, processes where it has none. */
export class ChooseSandbox implements Sandbox {
  readonly #containers: Sandbox
  readonly #processes: Sandbox

  constructor(containers: Sandbox, processes: Sandbox) {
    this.#containers = containers
    this.#processes = processes
  }

  open(assignment: Assignment, options: OpenOptions): Promise<Workspace> {
    const needsContainer = assignment.template.image !== undefined && options.hasCommands
    return (needsContainer ? this.#containers : this.#processes).open(assignment, options)
  }
}
