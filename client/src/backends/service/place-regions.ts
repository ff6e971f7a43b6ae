import type { BatchSpec } from '../../compile/batch-spec.ts'
import type { JobTemplate } from '../../model/index.ts'

/** Jobs that name no regions get those of the backend; `any` stands for no wish at all. Pure. */
export function placeRegions(spec: BatchSpec, regions: readonly string[] | 'any' | undefined): BatchSpec {
  const defaults = regions === 'any' ? undefined : regions
  return { ...spec, jobs: spec.jobs.map((job) => ({ ...job, template: placeTemplate(job.template, defaults) })) }
}

function placeTemplate(template: JobTemplate, defaults: readonly string[] | undefined): JobTemplate {
  const { regions: own, ...rest } = template
  const regions = own === undefined ? defaults : own
  return regions === undefined || regions.includes('any') ? rest : { ...rest, regions: [...regions] }
}
