import type { Input, Output } from 'graupel/model'
import { problemOfObjectName } from 'graupel/storage'
import type { HailJob } from './hail-job.ts'
import type { RefuseJob } from './refuse.ts'

/** The folder of a batch in Hail's containers: here, too, but below the batch's own id, as `BATCH_TMPDIR` says. */
const batchFolder = /^\/io\/batch\/[^/]+\/(.+)$/s

/** Files to bring before the commands run. */
export const inputsOf = ({ input_files }: HailJob, refuse: RefuseJob): Input[] =>
  (input_files ?? []).map(([from, to]) => {
    checkObject('input_files', from, refuse)
    return { kind: 'object', uri: from, path: pathBelowBatch('input_files', to, refuse) }
  })

/** Files to store when they have succeeded. One file may go to several places. */
export function outputsOf({ output_files }: HailJob, refuse: RefuseJob): Output[] {
  const destinations = new Map<string, Set<string>>()
  for (const [from, to] of output_files ?? []) {
    checkObject('output_files', to, refuse)
    const path = pathBelowBatch('output_files', from, refuse)
    destinations.set(path, (destinations.get(path) ?? new Set()).add(to))
  }
  return [...destinations].map(([path, places]) => ({ name: path, path, isNeeded: true, destinations: [...places] }))
}

function pathBelowBatch(field: string, place: string, refuse: RefuseJob): string {
  const [, path] = batchFolder.exec(place) ?? []
  const isPlain = path?.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  if (path !== undefined && isPlain === true && !path.includes('\0')) return path
  throw refuse(
    `has '${place}' in ${field}; write a file below the batch's folder, /io/batch/<any name>/…, ` +
      'which the commands find below $BATCH_TMPDIR',
  )
}

function checkObject(field: string, uri: string, refuse: RefuseJob): void {
  const [, name] = /^gs:\/\/[^/]+\/([\s\S]+)$/.exec(uri) ?? []
  const problem = name === undefined ? 'it is not in Cloud Storage' : problemOfObjectName(name)
  if (problem === undefined) return
  throw refuse(`has '${uri}' in ${field}, but ${problem}; write gs://bucket/name`)
}
