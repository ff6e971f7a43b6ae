import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { type TestHome, useBench } from './home.ts'
import { testPythonArguments } from './python-arguments.ts'
import { testPythonFailures } from './python-failures.ts'
import { testPythonPrograms } from './python-programs.ts'
import { testPythonResults } from './python-results.ts'
import { testPythonWithOthers } from './python-with-others.ts'

/** Why Python functions cannot be called here, or `undefined`. */
export function pythonMissing(): string | undefined {
  const { status } = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'])
  if (status === 0) return undefined
  const reason = 'no python3 of version 3.8 or later is on PATH'
  console.log(`tests of Python functions are skipped: ${reason}`)
  return reason
}

/** The behaviour of batches of Python jobs, the same in every home. */
export function describePythonJobs(home: TestHome): void {
  const missing = pythonMissing()
  describe.skipIf(missing !== undefined)(`python jobs on ${home.name}${missing ? ` (${missing})` : ''}`, () => {
    const bench = useBench(home)
    describe('arguments', () => testPythonArguments(bench))
    describe('results', () => testPythonResults(bench))
    describe('failure', () => testPythonFailures(bench))
    describe('with other jobs', () => testPythonWithOthers(bench))
    describe('programs of the documentation', () => testPythonPrograms(bench))
  })
}
