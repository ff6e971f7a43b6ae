import { simulate } from '../simulate.ts'
import { plantedBugs } from './all.ts'

/** What a hunt for one bug found; printed as JSON. */
export interface Catch {
  /** The seed that showed it; `undefined` if none did. */
  readonly seed: number | undefined
  readonly violation: string | undefined
}

// Runs as a program of its own, once with the bug in the code and once without.
const [place = '', seeds = ''] = process.argv.slice(2)
const bug = plantedBugs[Number(place)]
if (bug === undefined) throw new Error(`there is no bug ${place}`)

async function hunt(bug: (typeof plantedBugs)[number]): Promise<Catch> {
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const violation = await violationOf(bug, seed)
    if (violation !== undefined) return { seed, violation }
  }
  return { seed: undefined, violation: undefined }
}

/** An error that leaves the code under test is a violation, too. */
async function violationOf(bug: (typeof plantedBugs)[number], seed: number): Promise<string | undefined> {
  try {
    return (await simulate(seed, bug.scenario)).violation
  } catch (error) {
    return String(error)
  }
}

process.stdout.write(JSON.stringify(await hunt(bug)))
