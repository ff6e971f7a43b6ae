import type { JobSpec } from '../../compile/batch-spec.ts'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import type { Output } from '../../model/index.ts'
import type { BatchGraph, Write } from '../batch-graph.ts'
import { InputResourceFile, placeOf } from '../input-resource-file.ts'
import { inspect } from '../inspect.ts'
import { JobResourceFile } from '../job-resource-file.ts'
import type { ResourceFile } from '../resource-file.ts'
import { collectReading, type Places } from './reading.ts'
import { resolveTemplate } from './resolve-template.ts'

/** @throws InvalidBatchError if two files go to one place */
export function checkDestinations(writes: readonly Write[]): void {
  const files = new Map<string, ResourceFile>()
  for (const { file, destination } of writes) {
    const other = files.get(destination)
    if (other !== undefined && other !== file) {
      const message = `${other[inspect]()} and ${file[inspect]()} are both written to ${destination}; give each a destination of its own.`
      throw new InvalidBatchError({ message })
    }
    files.set(destination, file)
  }
}

/** Tells the makers of files where these go. Returns the writes of files that no job of this run makes. */
export function assignWrites(writes: readonly Write[], places: Places): Write[] {
  return writes.filter(({ file, destination }) => {
    const index = file instanceof JobResourceFile ? places.indexes.get(file.source()) : undefined
    if (!(file instanceof JobResourceFile) || index === undefined) return true
    places.needed[index]?.add(file, destination)
    return false
  })
}

/** An extra job that has files in place which are there already, and leaves them as its outputs. */
export function writingJob(graph: BatchGraph, writes: readonly Write[], places: Places): JobSpec {
  const reading = collectReading(undefined, new Set(writes.map(({ file }) => file)), places)
  const outputs = new Map<string, Output>()
  for (const { file, destination } of writes) {
    const path = places.paths.of(file)
    const name = file instanceof InputResourceFile ? placeOf(file).location.uri : file[inspect]()
    const output = outputs.get(path) ?? { name, path, isNeeded: true, destinations: [] }
    if (!output.destinations.includes(destination)) output.destinations.push(destination)
    outputs.set(path, output)
  }
  return {
    name: 'write-inputs',
    attributes: undefined,
    template: resolveTemplate({ shell: '/bin/sh' }, {}, graph.options.requesterPaysProject),
    detail: {
      task: { kind: 'bash', shell: '/bin/sh', script: ['true\n'] },
      directory: places.paths.folderOfWriting(graph.runs + 1),
      inputs: reading.inputs,
      links: [],
      outputs: [...outputs.values()],
    },
    parents: [],
    earlierParents: [...reading.earlierParents],
  }
}
