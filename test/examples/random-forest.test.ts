import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { emulatorsMissing } from '../emulator/emulated-clients.ts'
import { shareService } from '../emulator/shared-service.ts'
import { pythonMissing } from '../suites/python-jobs.ts'
import { runExample } from './run-example.ts'

const module = fileURLToPath(new URL('../../examples/random-forest.py', import.meta.url))

/** What Python says of all windows without graupel, in one process. */
const script = `
import runpy, sys
functions = runpy.run_path(sys.argv[1])
paths = [sys.argv[2] + '/features.tsv', sys.argv[2] + '/labels.tsv']
for window in functions['read_table'](paths[1]):
    print(functions['as_tsv'](functions['random_forest'](*paths, window)))
`

function predictDirectly(folder: string): string {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script, module, folder], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

const missing = emulatorsMissing || pythonMissing()
describe.skipIf(missing)(`a random forest${missing ? ` (${missing})` : ''}`, () => {
  const service = shareService()
  const sized = ['--windows', '40', '--batch-size', '10']

  test.for(['local', 'service'] as const)(
    'in batches, then from checkpoints, is what Python alone says: %s',
    async (backend) => {
      const output = join(service.folder(), `forest ${backend}`)
      const run = (...more: string[]) =>
        runExample('random-forest', backend, output, service.env(), [...sized, ...more])

      const first = await run('--checkpoint', 'yes')
      expect(first.stdout, first.stderr).toBe('success: 4 jobs for 40 of 40 windows\n')
      const expected = predictDirectly(output)
      expect(expected.split('\n')).toHaveLength(41)
      expect(first.files['results.tsv']).toBe(expected)

      const checkpoints = Object.keys(first.files).filter((path) => path.startsWith('checkpoints/'))
      expect(checkpoints).toHaveLength(40)
      for (const path of ['results.tsv', ...checkpoints.slice(3, 18)]) await rm(join(output, path))
      const second = await run('--checkpoint', 'yes')
      expect(second.stdout, second.stderr).toBe('success: 2 jobs for 15 of 40 windows\n')
      expect(second.files).toEqual(first.files)
    },
  )
})
