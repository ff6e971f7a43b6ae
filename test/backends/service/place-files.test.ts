import { describe, expect, test } from 'vitest'
import { takeLocalDestinations } from '../../../client/src/backends/service/local-destinations.ts'
import { placeInputs } from '../../../client/src/backends/service/place-inputs.ts'
import { placeRegions } from '../../../client/src/backends/service/place-regions.ts'
import { bashSpec } from '../bash-spec.ts'

const input = (uri: string) => ({ kind: 'object' as const, uri, path: 'inputs/r/words.txt' })

describe('a spec for the service', () => {
  test('has local inputs in the folder of the batch, each uploaded once; others stay', () => {
    const reader = { script: 'true', inputs: [input('file:///home/words.txt')] }
    const cloud = { script: 'true', inputs: [input('gs://bucket/words.txt')] }
    const { spec, uploads } = placeInputs(bashSpec([reader, reader, cloud]), 'gs://b/root')
    const placed = 'gs://b/root/files/inputs/r/words.txt'
    expect(spec.jobs.map((job) => job.detail.inputs)).toEqual([
      [input(placed)],
      [input(placed)],
      [input('gs://bucket/words.txt')],
    ])
    expect(uploads).toEqual([{ path: '/home/words.txt', uri: placed, job: 'job-0' }])
  })

  test('has no local destinations, but needs their outputs all the same', () => {
    const destinations = ['file:///out/x', 'gs://bucket/x']
    const output = { name: 'x', path: 'job-0/x', isNeeded: false, destinations }
    const { spec, destinations: taken } = takeLocalDestinations(bashSpec([{ script: 'true', outputs: [output] }]))
    expect(spec.jobs[0]?.detail.outputs).toEqual([{ ...output, isNeeded: true, destinations: ['gs://bucket/x'] }])
    expect(taken).toEqual([{ index: 0, path: 'job-0/x', destination: 'file:///out/x', alwaysCopyOutput: false }])
  })

  test("has the backend's regions where a job names none, and none where any will do", () => {
    const spec = bashSpec([
      { script: 'true' },
      { script: 'true', template: { regions: ['eu'] } },
      { script: 'true', template: { regions: ['any'] } },
    ])
    const regionsOf = (backend: readonly string[] | 'any' | undefined) =>
      placeRegions(spec, backend).jobs.map((job) => job.template.regions)
    expect(regionsOf(['us'])).toEqual([['us'], ['eu'], undefined])
    expect(regionsOf('any')).toEqual([undefined, ['eu'], undefined])
    expect(regionsOf(undefined)).toEqual([undefined, ['eu'], undefined])
  })
})
