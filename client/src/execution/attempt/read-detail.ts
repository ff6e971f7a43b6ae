import { type JobDetail, jobDetailSchema, objectPaths } from '../../model/index.ts'
import type { AttemptContext } from './attempt-context.ts'

/** What the job does: in the assignment itself, or in an object of its own if it is large. */
export async function readDetail(context: AttemptContext): Promise<JobDetail> {
  const { detail, root } = context.assignment
  if (!('object' in detail)) return detail
  const uri = detail.object.includes('://') ? detail.object : objectPaths.detail(root, detail.object)
  const bytes = await context.io(`Reading ${uri}`, () => context.objects.read(uri))
  return jobDetailSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}
