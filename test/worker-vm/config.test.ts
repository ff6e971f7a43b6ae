import { expect, it } from 'vitest'
import { readConfig } from '../../worker-vm/src/config.ts'

const complete = {
  GRAUPEL_WORKER_NAME: 'graupel-spot-1',
  GRAUPEL_KERNEL_URLS: 'https://lane-0.example/, https://lane-1.example',
  GRAUPEL_PROJECT: 'project',
  GRAUPEL_SCRATCH: '/mnt/disks/scratch',
}

it('reads what the machine is told', () => {
  expect(readConfig({ ...complete, GRAUPEL_CPUS: '2.5', GRAUPEL_MEMORY_BYTES: '1000' })).toMatchObject({
    name: 'graupel-spot-1',
    kernelUrls: ['https://lane-0.example', 'https://lane-1.example'],
    scratch: '/mnt/disks/scratch/graupel-spot-1',
    cpuMillis: 2500,
    memoryBytes: 1000,
    maxJobs: 10,
    topicPrefix: 'graupel',
  })
})

it('takes no job that is too large for its machine, unless it is told what it has', () => {
  const machine = { ...complete, GRAUPEL_MACHINE: 'n2-standard-8,us-central1-a,spot' }
  expect(readConfig(machine).mustFit).toBe(true)
  expect(readConfig({ ...machine, GRAUPEL_CPUS: '2' }).mustFit).toBe(false)
  expect(readConfig(complete).mustFit).toBe(false)
})

it('names every variable that is missing or wrong', () => {
  const read = () => readConfig({ GRAUPEL_WORKER_NAME: 'no.dots', GRAUPEL_CPUS: 'many' })
  for (const name of ['GRAUPEL_WORKER_NAME', 'GRAUPEL_KERNEL_URLS', 'GRAUPEL_PROJECT', 'GRAUPEL_CPUS']) {
    expect(read).toThrow(name)
  }
})

it('asks for moved tags on Google Cloud, and elsewhere when told to', () => {
  expect(readConfig(complete).imageRefreshMs).toBeUndefined()
  expect(readConfig({ ...complete, GRAUPEL_METADATA_URL: 'http://127.0.0.1' }).imageRefreshMs).toBe(600_000)
  expect(readConfig({ ...complete, GRAUPEL_IMAGE_REFRESH_MS: '1000' }).imageRefreshMs).toBe(1000)
})

it('takes an account for jobs only where there is an identity that makes its tokens', () => {
  const withAccount = { ...complete, GRAUPEL_JOB_ACCOUNT: 'graupel-job@project.iam.gserviceaccount.com' }
  expect(() => readConfig(withAccount)).toThrow('GRAUPEL_METADATA_URL')
  expect(readConfig({ ...withAccount, GRAUPEL_METADATA_URL: 'http://127.0.0.1' })).toMatchObject({
    jobAccount: 'graupel-job@project.iam.gserviceaccount.com',
    iamCredentialsUrl: 'https://iamcredentials.googleapis.com',
  })
})

it('takes a repository for the mirror of Docker Hub, and nothing else', () => {
  const read = (mirror: string) => readConfig({ ...complete, GRAUPEL_DOCKER_HUB_MIRROR: mirror }).dockerHubMirror
  expect(read('us-docker.pkg.dev/project/hub')).toBe('us-docker.pkg.dev/project/hub')
  expect(() => read('https://us-docker.pkg.dev/project/hub')).toThrow('GRAUPEL_DOCKER_HUB_MIRROR')
  expect(() => read('us-docker.pkg.dev/project/hub/')).toThrow('GRAUPEL_DOCKER_HUB_MIRROR')
})

it('tells its processes from those of a machine with the same name that is emulated elsewhere', () => {
  const agents = ['/tmp/one', '/tmp/other', '/tmp/one'].map(
    (folder) => readConfig({ ...complete, GRAUPEL_SCRATCH: folder }).agent,
  )
  expect(agents[0]).not.toBe(agents[1])
  expect(agents[0]).toBe(agents[2])
})
