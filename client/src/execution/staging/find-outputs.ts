import type { JobDetail, Output } from '../../model/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import type { FoundOutput, Workspace } from '../sandbox/sandbox.ts'

export interface FoundOutputs {
  readonly present: readonly { readonly output: Output; readonly found: FoundOutput }[]
  /** Names what is missing, or what cannot be stored. */
  readonly fault: AttemptFault | undefined
}

/** Looks at what the commands have made. Only what a child or a destination waits for must be there. */
export async function findOutputs(detail: JobDetail, workspace: Workspace): Promise<FoundOutputs> {
  const present: { output: Output; found: FoundOutput }[] = []
  const missing: string[] = []
  let unfit: AttemptFault | undefined
  for (const output of detail.outputs) {
    try {
      const found = await workspace.inspect(output.path)
      if (found === undefined && output.isNeeded) missing.push(output.name)
      if (found !== undefined) present.push({ output, found })
    } catch (error) {
      if (!(error instanceof AttemptFault)) throw error
      unfit ??= error
    }
  }
  return { present, fault: unfit ?? (missing.length === 0 ? undefined : missingFault(missing)) }
}

function missingFault(names: readonly string[]): AttemptFault {
  const list = names.map((name) => `'${name}'`).join(', ')
  const message =
    names.length === 1
      ? `The commands succeeded without making the output ${list}, which is needed.`
      : `The commands succeeded without making the outputs ${list}, which are needed.`
  return new AttemptFault('missingOutput', message)
}
