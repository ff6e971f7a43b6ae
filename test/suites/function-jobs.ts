import { describe } from 'vitest'
import { testFunctionArguments } from './function-arguments.ts'
import { testFunctionClosures } from './function-closures.ts'
import { testFunctionFailures } from './function-failures.ts'
import { testFunctionLimits } from './function-limits.ts'
import { testFunctionResults } from './function-results.ts'
import { testFunctionUpdates } from './function-updates.ts'
import { type TestHome, useBench } from './home.ts'

/** The behaviour of batches of function jobs, the same in every home. */
export function describeFunctionJobs(home: TestHome): void {
  describe(`function jobs on ${home.name}`, () => {
    const bench = useBench(home)
    describe('arguments', () => testFunctionArguments(bench))
    describe('closures', () => testFunctionClosures(bench))
    describe('results', () => testFunctionResults(bench))
    describe('failure', () => testFunctionFailures(bench))
    describe('limits and settings', () => testFunctionLimits(bench))
    describe('updates', () => testFunctionUpdates(bench))
  })
}
