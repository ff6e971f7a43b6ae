import { type Fold, foldAlike, namesOf, unfolded } from './fold-alike.ts'
import type { PlannedJob } from './planned-job.ts'
import { counted } from './wording.ts'

/** What Mermaid draws at most: https://mermaid.js.org/config/schema-docs/config.html (2026-11) */
const limits = { edges: 500, characters: 50_000 } as const

/** A flowchart of the jobs; of like jobs as one where there are too many to be drawn. */
export function drawMermaid(jobs: readonly PlannedJob[]): string {
  const chart = draw(unfolded(jobs))
  return chart.edges <= limits.edges && chart.text.length <= limits.characters ? chart.text : draw(foldAlike(jobs)).text
}

function draw(folds: readonly Fold[]): { readonly text: string; readonly edges: number } {
  const nodeOf = new Map(folds.flatMap(({ first, jobs }) => jobs.map((job) => [job.number, first.number] as const)))
  const nodes = folds.map((fold) => `  j${fold.first.number}["${mermaidLabel(titleOf(fold))}"]`)
  const edges = new Set<string>()
  for (const { first, jobs } of folds)
    for (const { parents } of jobs)
      for (const parent of parents) edges.add(`  j${nodeOf.get(parent)} --> j${first.number}`)
  return { text: ['flowchart TD', ...nodes, ...edges].join('\n'), edges: edges.size }
}

const titleOf = (fold: Fold): string =>
  fold.jobs.length === 1 ? namesOf(fold) : `${namesOf(fold)} (${counted(fold.jobs.length, 'job')})`

/** Quotes and brackets mean something in Mermaid's labels. */
const mermaidLabel = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N} _.,:;/+=@-]/gu, (character) => `#${character.codePointAt(0)};`)
