import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Launcher } from '../../client/src/execution/process/launcher.ts'

test('a process whose output nobody reads any more is not started, and nothing waits for a reader', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'graupel-launcher-'))
  const launcher = new Launcher()
  onTestFinished(() => {
    launcher.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const output = join(folder, 'pipe')
  execFileSync('mkfifo', [output])
  const launched = launcher.launch({ program: '/bin/sh', arguments: ['-c', 'true'], folder, env: {}, output })
  await expect(launched).rejects.toMatchObject({ name: 'LaunchError', code: 'ENXIO' })
})
