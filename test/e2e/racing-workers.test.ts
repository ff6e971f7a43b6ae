import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifestSchema, objectPaths } from 'graupel/model'
import { fileUriOf } from 'graupel/storage'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { assignmentOf, output } from '../execution/attempt-bed.ts'
import { FakeTopics } from '../worker-vm/fake-topics.ts'
import { AgentProcess } from './agent-process.ts'

const jobs = 30

let folder: string
let topics: FakeTopics
const agents: AgentProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graupel-racing-'))
  topics = new FakeTopics()
  await topics.start()
})

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close()
  topics.stop()
  await rm(folder, { recursive: true, force: true })
})

it('lets one of two workers that hold the same jobs win each of them, whole', async () => {
  const root = fileUriOf(join(folder, 'objects'))
  for (const attempt of [1, 2]) {
    const agent = await AgentProcess.make(join(folder, `scratch ${attempt}`), topics)
    agents.push(agent)
    for (let job = 1; job <= jobs; job++) {
      const script = `for name in a b; do echo ${attempt} > job/$name; done`
      const outputs = ['a', 'b'].map((name) => output(name, fileUriOf(join(folder, 'copies', `${job}`, name))))
      agent.kernel.work.push({ ...assignmentOf({ job, attempt, script, detail: { outputs } }), root })
    }
  }
  expect(await Promise.all(agents.map((agent) => agent.run()))).toEqual([
    [0, null],
    [0, null],
  ])
  const ends = topics.ends()
  expect(ends.map(({ end }) => end.cause)).toEqual(Array.from({ length: 2 * jobs }, () => 'success'))
  for (let job = 1; job <= jobs; job++) {
    const path = objectPaths.manifest(join(folder, 'objects'), job)
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const [a, b] = await Promise.all(['a', 'b'].map((name) => readFile(join(folder, 'copies', `${job}`, name), 'utf8')))
    expect([a, b]).toEqual([`${manifest.attempt}\n`, `${manifest.attempt}\n`])
    expect(Object.values(manifest.outputs).flatMap(({ files }) => files.map(({ uri }) => uri))).toEqual(
      ['a', 'b'].map((name) => objectPaths.output(root, job, manifest.attempt, `job/${name}`)),
    )
  }
})
