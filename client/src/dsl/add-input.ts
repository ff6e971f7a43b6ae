import { InvalidBatchError } from '../errors/invalid-batch-error.ts'
import type { BatchGraph } from './batch-graph.ts'
import { InputResourceFile } from './input-resource-file.ts'
import { type InputLocation, locate, type PathLike } from './location.ts'
import { problemOfName } from './names.ts'
import { makeGroup, type ResourceGroup } from './resource-group.ts'

/** @throws InvalidBatchError in the words of the method that was called */
export function locateOrRefuse<T>(method: string, path: PathLike, find: (path: PathLike) => T): T {
  try {
    return find(path)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new InvalidBatchError({ message: `${method}: the path '${path}' ${problem}.`, cause: error })
  }
}

export function addInput(graph: BatchGraph, path: PathLike): InputResourceFile {
  const location = locateOrRefuse('readInput', path, locate)
  graph.reads += 1
  return new InputResourceFile(graph, { location, read: graph.reads, path: location.basename })
}

export function addInputGroup<K extends string>(
  graph: BatchGraph,
  paths: { readonly [N in K]: PathLike },
): ResourceGroup<K, InputResourceFile> {
  const locations = Object.entries<PathLike>(paths).map(([member, path]) => {
    checkMember(member)
    return [member, locateOrRefuse(`readInputGroup, member '${member}'`, path, locate)] as const
  })
  if (locations.length === 0)
    throw new InvalidBatchError({ message: "readInputGroup: the group has no members; write { fasta: 'hg.fasta' }." })
  graph.reads += 1
  const read = graph.reads
  const taken = new Set<string>()
  const members = locations.map(([member, location]) => {
    const path = pathInGroup(location, taken)
    return [member, new InputResourceFile(graph, { location, read, path })] as const
  })
  return makeGroup(graph, { kind: 'input', read }, new Map(members))
}

function checkMember(member: string): void {
  const problem = problemOfName(member)
  if (problem !== undefined)
    throw new InvalidBatchError({ message: `readInputGroup: no member can be called '${member}': ${problem}.` })
}

/** Base names are kept; where two are the same, the second goes into a folder of its own. */
function pathInGroup({ basename }: InputLocation, taken: Set<string>): string {
  let path = basename
  for (let folder = 1; taken.has(path); folder++) path = `${folder}/${basename}`
  taken.add(path)
  return path
}
