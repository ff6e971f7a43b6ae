import { Batch, type BatchOptions, type Job } from 'graupel'
import type { JobState } from 'graupel/model'
import { Random } from '../simulation/random.ts'

interface Wish {
  readonly parents: readonly number[]
  readonly alwaysRun: boolean
  readonly kind: 'nothing' | 'succeeds' | 'fails'
  /** Attempts of a job that fails, when nothing else goes wrong. */
  readonly tries: number
}

export interface RandomBatch {
  readonly batch: Batch
  readonly jobs: number
  /** How each job must end, by its name. It follows from the graph alone. */
  readonly endings: Readonly<Record<string, JobState>>
  /** How often each job that runs must run at least, by its name. */
  readonly leastAttempts: Readonly<Record<string, number>>
}

/** A batch with random edges: most depend on a few jobs not long before them, some fail, some run whatever fails. */
export function makeRandomBatch(seed: number, size: number, options: BatchOptions): RandomBatch {
  const random = new Random(seed)
  const wishes = Array.from({ length: size }, (_, index) => wishFor(random, index))
  const batch = new Batch({ name: `chaos ${seed}`, defaultCpu: 0.25, defaultMemory: '64Mi', ...options })
  const jobs: Job[] = []
  for (const [index, wish] of wishes.entries()) jobs.push(addJob(batch, index, wish, jobs))
  const states = endingsOf(wishes)
  const name = (index: number) => `job-${index}`
  return {
    batch,
    jobs: size,
    endings: Object.fromEntries(states.map((state, index) => [name(index), state])),
    leastAttempts: Object.fromEntries(
      wishes.flatMap(({ tries }, index) => (states[index] === 'Cancelled' ? [] : [[name(index), tries]])),
    ),
  }
}

const maxParents = 3
/** Parents are among so many jobs before: long chains, and wide layers. */
const reach = 300

function wishFor(random: Random, index: number): Wish {
  const wanted = random.chance(0.3) ? 0 : random.whole(1, maxParents)
  const parents = new Set<number>()
  for (let one = 0; one < wanted && index > 0; one++) parents.add(random.whole(Math.max(0, index - reach), index - 1))
  const kind = random.chance(0.02) ? 'fails' : random.chance(0.1) ? 'nothing' : 'succeeds'
  const tries = kind === 'fails' && random.chance(0.3) ? 2 : 1
  return { parents: [...parents], alwaysRun: random.chance(0.15), kind, tries }
}

function addJob(batch: Batch, index: number, wish: Wish, earlier: readonly Job[]): Job {
  const job = batch.newJob({ name: `job-${index}`, alwaysRun: wish.alwaysRun })
  job.dependsOn(...earlier.filter((_, parent) => wish.parents.includes(parent)))
  if (wish.kind === 'succeeds') job.command`true`
  if (wish.kind === 'fails') job.command`exit 3`.retry(wish.tries - 1)
  return job
}

/** A job runs when all its parents succeeded, or always; and then it ends as its command does. */
function endingsOf(wishes: readonly Wish[]): JobState[] {
  const states: JobState[] = []
  for (const { parents, alwaysRun, kind } of wishes) {
    const runs = alwaysRun || parents.every((parent) => states[parent] === 'Success')
    states.push(runs ? (kind === 'fails' ? 'Failed' : 'Success') : 'Cancelled')
  }
  return states
}
