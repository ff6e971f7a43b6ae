import { ChooseSandbox, ContainerSandbox, ProcessSandbox, systemClock } from 'graupel/execution'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ContainerBed } from './container-bed.ts'
import { docker, makeImage, reasonToSkip, removeImage } from './tiny-image.ts'

const image = `graupel-folder-${crypto.randomUUID()}`
const rootImage = `graupel-root-folder-${crypto.randomUUID()}`
const reason = await reasonToSkip()

describe.skipIf(reason !== undefined)('the commands of a job with an image', () => {
  let bed: ContainerBed

  beforeAll(async () => {
    await makeImage(image, ['sh', 'cat'], ['WORKDIR /bin'])
    await makeImage(rootImage, ['sh'], ['WORKDIR /'])
  })

  afterAll(() => Promise.all([image, rootImage].map(removeImage)))

  beforeEach(async () => {
    bed = await ContainerBed.make({ image })
  })

  afterEach(() => bed.close())

  it('begin in the folder that it says, and find their files all the same', async () => {
    const script = 'pwd; echo made > $BATCH_TMPDIR/job/out; cat /io/batch/testbatch/job/out'
    expect((await bed.run({ script })).cause).toBe('success')
    expect(await bed.log()).toBe('/bin\nmade\n')
  })

  it('begin among their files if it says no more than Docker’s own', async () => {
    expect((await bed.run({ script: 'pwd', template: { image: rootImage } })).cause).toBe('success')
    expect(await bed.log()).toBe('/io/batch/testbatch\n')
  })

  it('begin among their files if the job has not asked for it', async () => {
    const place = { scratch: bed.attempts, objects: bed.objects, agent: bed.agent, clock: systemClock }
    const processes = new ProcessSandbox({ ...place, hostEnvironment: {} })
    onTestFinished(() => processes.close())
    const containers = new ContainerSandbox({ ...place, connect: async () => docker })
    const sandbox = new ChooseSandbox(containers, processes, image)
    expect((await bed.run({ script: 'pwd', template: { image: undefined } }, { sandbox })).cause).toBe('success')
    expect(await bed.log()).toBe('/io/batch/testbatch\n')
  })
})
