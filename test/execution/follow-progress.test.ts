import { Readable } from 'node:stream'
import Docker from 'dockerode'
import { expect, test } from 'vitest'
import { followProgress } from '../../client/src/execution/container/follow-progress.ts'

const docker = new Docker()
const answer = (...events: object[]) => Readable.from(events.map((event) => `${JSON.stringify(event)}\r\n`))

test('what Docker says is printed, and its status is not', async () => {
  const printed: string[] = []
  const events = answer({ stream: 'Step 1/1\n' }, { status: 'Pulling', progressDetail: {} }, { aux: { ID: 'x' } })
  await followProgress(docker, events, (text) => printed.push(text))
  expect(printed).toEqual(['Step 1/1\n'])
})

test('trouble that Docker tells amid its answer is an error', async () => {
  const events = answer(
    { status: 'Pulling' },
    { errorDetail: { message: 'no space left' }, error: 'no space left' },
    { error: 'later' },
  )
  await expect(followProgress(docker, events)).rejects.toThrow(/^no space left$/)
})

test('an answer that breaks off is an error', async () => {
  const broken = new Readable({ read() {} })
  const followed = followProgress(docker, broken)
  broken.destroy(new Error('connection reset'))
  await expect(followed).rejects.toThrow('connection reset')
})
