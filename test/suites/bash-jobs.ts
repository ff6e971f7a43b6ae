import { describe } from 'vitest'
import { testBashFailures } from './bash-failures.ts'
import { testBashFiles } from './bash-files.ts'
import { testBashGraphs } from './bash-graphs.ts'
import { testBashGroups } from './bash-groups.ts'
import { testBashSizes } from './bash-sizes.ts'
import { testControl } from './control.ts'
import { testDocumentation } from './documentation.ts'
import { testFileNames } from './file-names.ts'
import { type TestHome, useBench } from './home.ts'
import { testLogs } from './logs.ts'
import { testMerging } from './merging.ts'
import { testRetries } from './retries.ts'
import { testRunOptions } from './run-options.ts'
import { testUpdates } from './updates.ts'

/** The behaviour of batches of bash jobs, the same in every home. */
export function describeBashJobs(home: TestHome): void {
  describe(`bash jobs on ${home.name}`, () => {
    const bench = useBench(home)
    describe('programs of the documentation', () => testDocumentation(bench))
    describe('files', () => testBashFiles(bench))
    describe('names of files', () => testFileNames(bench))
    describe('resource groups', () => testBashGroups(bench))
    describe('failure', () => testBashFailures(bench))
    describe('sizes', () => testBashSizes(bench))
    describe('graphs', () => testBashGraphs(bench))
    describe('merging', () => testMerging(bench))
    describe('retries and limits', () => testRetries(bench))
    describe('run', () => testRunOptions(bench))
    describe('a running batch', () => testControl(bench))
    describe('logs and usage', () => testLogs(bench))
    describe('updates', () => testUpdates(bench))
  })
}
