import type { BatchSpec } from '../compile/batch-spec.ts'
import { memoryWords } from '../model/index.ts'
import { describeGraph } from './plan/describe-graph.ts'
import { describeJobs } from './plan/describe-jobs.ts'
import { describeSettings } from './plan/describe-settings.ts'
import { drawMermaid } from './plan/draw-mermaid.ts'
import { foldAlike, unfolded } from './plan/fold-alike.ts'
import { type PlannedJob, planJobs } from './plan/planned-job.ts'
import { summarize } from './plan/summarize.ts'
import { counted, thousands } from './plan/wording.ts'

/**
 * What a run would do: the answer of `batch.run({ dryRun: true })`.
 *
 * @example
 * ```ts
 * import { Batch } from 'graupel'
 *
 * const batch = new Batch({ name: 'hello' })
 * batch.newJob({ name: 'hello' }).command`echo hello`
 * const plan = await batch.run({ dryRun: true })
 * console.log(plan.jobs, plan.mermaid)
 * ```
 */
export interface BatchPlan {
  /** Number of jobs. */
  readonly jobs: number
  /** Number of dependencies. */
  readonly edges: number
  /** The graph as a Mermaid flowchart; like jobs as one where Mermaid would refuse so many. */
  readonly mermaid: string
  /**
   * Everything as text: what the batch comes to, the graph layer by layer, and each job, parents first, with what it asks
   * for that others do not, reads, runs and writes. Of more than 20 jobs, those that are alike are told as one, and
   * 200 such lines at most.
   */
  toString(): string
}

/** So many jobs are told one by one. */
const fewJobs = 20

const shownChartLines = 40

/** @throws CyclicDependencyError */
export function planBatch(spec: BatchSpec): BatchPlan {
  const jobs = planJobs(spec)
  const edges = jobs.reduce((sum, { parents }) => sum + parents.length, 0)
  const mermaid = drawMermaid(jobs)
  return { jobs: jobs.length, edges, mermaid, toString: () => describePlan(spec, jobs, edges, mermaid) }
}

function describePlan(spec: BatchSpec, jobs: readonly PlannedJob[], edges: number, mermaid: string): string {
  const name = spec.name === undefined ? '(unnamed)' : `'${spec.name}'`
  const counts = `${counted(jobs.length, 'job')}, ${counted(edges, 'dependency', 'dependencies')}`
  const isSmall = jobs.length <= fewJobs
  const folds = isSmall ? unfolded(jobs) : foldAlike(jobs)
  const common = commonSettings(jobs)
  const sections = [
    [`Batch ${name}: ${counts}. Nothing has been run or sent.`, ...summarize(jobs, common)],
    edges === 0 ? [] : ['Graph', ...describeGraph(folds)],
    jobs.length === 0
      ? []
      : [
          `Jobs, with 1 cpu and ${memoryWords.standard} GiB of memory per cpu unless told`,
          ...describeJobs(folds, common),
        ],
    edges === 0 ? [] : showMermaid(mermaid),
  ]
  return sections.flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')])).join('\n\n')
}

/** A chart that fills a screen is asked for, not shown. */
function showMermaid(mermaid: string): string[] {
  const lines = mermaid.split('\n')
  if (lines.length > shownChartLines)
    return [`Graph for Mermaid: ${thousands(lines.length)} lines, in the plan's mermaid`]
  return ['Graph for Mermaid', ...lines.map((line) => `  ${line}`)]
}

/** What all jobs ask for is told once. */
function commonSettings(jobs: readonly PlannedJob[]): ReadonlySet<string> {
  const [first, ...rest] = jobs
  if (first === undefined || rest.length === 0) return new Set()
  let common = describeSettings(first.job)
  for (const { job } of rest) {
    if (common.length === 0) break
    const own = new Set(describeSettings(job))
    common = common.filter((setting) => own.has(setting))
  }
  return new Set(common)
}
