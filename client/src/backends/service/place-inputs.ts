import type { BatchSpec } from '../../compile/batch-spec.ts'
import { type Input, objectPaths } from '../../model/index.ts'
import { filePathOf } from '../../storage/object-uri.ts'

/** A local file or folder, and where the jobs will find it. */
export interface Upload {
  readonly path: string
  readonly uri: string
  /** Name of the first job that reads it. */
  readonly job: string | undefined
}

/** The spec with its local inputs in the batch's folder, and what must be brought there, each once. Pure. */
export function placeInputs(spec: BatchSpec, root: string): { readonly spec: BatchSpec; readonly uploads: Upload[] } {
  const uploads = new Map<string, Upload>()
  const place = (input: Input, job: string | undefined): Input => {
    if (input.kind !== 'object' || !input.uri.startsWith('file:')) return input
    const uri = objectPaths.input(root, input.path)
    if (!uploads.has(uri)) uploads.set(uri, { path: filePathOf(input.uri), uri, job })
    return { ...input, uri }
  }
  const jobs = spec.jobs.map((job) => {
    const inputs = job.detail.inputs.map((input) => place(input, job.name))
    return { ...job, detail: { ...job.detail, inputs } }
  })
  return { spec: { ...spec, jobs }, uploads: [...uploads.values()] }
}
