import { acceleratorProblem, builtInType, countsOf } from 'graupel/model'
import { describe, expect, test } from 'vitest'

const problem = (type: string, count: number, machineType?: string) =>
  acceleratorProblem({ accelerator: { type, count }, machineType })

describe('accelerators', () => {
  test('that a machine can have are no problem', () => {
    expect(problem('nvidia-l4', 3)).toBeUndefined()
    expect(problem('nvidia-tesla-t4', 1)).toBeUndefined()
    expect(problem('nvidia-tesla-t4', 2, 'n1-standard-8')).toBeUndefined()
    expect(problem('nvidia-tesla-a100', 1, 'a2-highgpu-1g')).toBeUndefined()
  })

  test('that no machine has are refused, and so are too many, or those of another machine', () => {
    expect(problem('nvidia-l5', 1)).toContain("the accelerator 'nvidia-l5', which no machine here is known to have")
    expect(problem('toString', 1)).toContain('which no machine')
    expect(problem('nvidia-tesla-t4', 5)).toContain('at most 4')
    expect(problem('nvidia-tesla-t4', 3, 'n1-standard-8')).toContain('1 or 2 or 4')
    expect(problem('nvidia-tesla-t4', 1, 'n2-standard-8')).toContain('write such as n1-standard-4')
    expect(problem('nvidia-l4', 2, 'g2-standard-4')).toContain('does not take them')
  })

  test('come with some machine types', () => {
    expect(builtInType('a2-highgpu-2g')).toMatchObject({ accelerator: 'nvidia-tesla-a100', count: 2, cores: 24 })
    expect(builtInType('n2-standard-4')).toBeUndefined()
    expect(countsOf('nvidia-l4')).toEqual([1, 2, 4, 8])
  })
})
