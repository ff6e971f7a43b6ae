import { describe, expect, it } from 'vitest'
import { explainExit } from '../../../client/src/execution/container/run-container.ts'
import { countOomKills } from '../../../client/src/execution/process/oom-kills.ts'

const notNoted = { OOMKilled: false }

describe('a container that ended badly', () => {
  it('ran out of its memory, where the engine says so, whatever its exit code', () => {
    expect(explainExit(1, { OOMKilled: true }, undefined)).toEqual({ kind: 'outOfMemory', exitCode: 1 })
  })

  it('was killed because the machine had none left, where the system counts such a kill meanwhile', () => {
    const end = { kind: 'outOfMemory', exitCode: 137, isMachineFull: true }
    expect(explainExit(137, notNoted, (countOomKills() ?? 0) - 1)).toEqual(end)
  })

  it('ended by itself otherwise', () => {
    expect(explainExit(1, notNoted, (countOomKills() ?? 0) - 1)).toEqual({ kind: 'exited', exitCode: 1 })
    expect(explainExit(137, notNoted, undefined)).toEqual({ kind: 'exited', exitCode: 137 })
  })
})
