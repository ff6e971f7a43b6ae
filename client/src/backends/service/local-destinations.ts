import type { BatchSpec } from '../../compile/batch-spec.ts'
import type { Output } from '../../model/index.ts'

/** An output that the program itself must bring to this machine. */
export interface LocalDestination {
  /** The place of its job in the spec. */
  readonly index: number
  /** The output's path below the batch's folder. */
  readonly path: string
  /** `file:///…` */
  readonly destination: string
  /** Also what a failed attempt left is wanted. */
  readonly alwaysCopyOutput: boolean
}

/** The spec without local destinations, which no worker elsewhere can write, and the list of them. Pure. */
export function takeLocalDestinations(spec: BatchSpec): {
  readonly spec: BatchSpec
  readonly destinations: LocalDestination[]
} {
  const destinations: LocalDestination[] = []
  const jobs = spec.jobs.map((job, index) => {
    const outputs = job.detail.outputs.map((output) => {
      const local = output.destinations.filter(isLocal)
      const { alwaysCopyOutput } = job.template
      for (const destination of local) destinations.push({ index, path: output.path, destination, alwaysCopyOutput })
      return local.length === 0 ? output : withoutLocal(output)
    })
    return { ...job, detail: { ...job.detail, outputs } }
  })
  return { spec: { ...spec, jobs }, destinations }
}

const isLocal = (uri: string): boolean => uri.startsWith('file:')

/** It is needed all the same: it must be stored to be fetched. */
const withoutLocal = (output: Output): Output => ({
  ...output,
  isNeeded: true,
  destinations: output.destinations.filter((uri) => !isLocal(uri)),
})
