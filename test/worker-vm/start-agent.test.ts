import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../worker-vm/src/config.ts'
import { type FakeMetadata, startFakeMetadata } from './fake-metadata.ts'

const image = (name: string) => fileURLToPath(new URL(`../../worker-vm/image/${name}`, import.meta.url))
const registry = 'us-central1-docker.pkg.dev'
const agentImage = `${registry}/project-1/graupel-images/worker:latest`
/** As the engine knows the image once it is pulled. */
const digest = `${registry}/project-1/graupel-images/worker@sha256:${'0'.repeat(64)}`

/** What a machine of graupel is told. */
const machine = {
  name: 'graupel-spot-1a2b3c-t0k9-0-17',
  'machine-type': 'projects/123/machineTypes/n2d-standard-16',
  zone: 'projects/123/zones/us-central1-b',
  'scheduling/preemptible': 'TRUE',
  'attributes/graupel-environment': [
    'GRAUPEL_KERNEL_URLS=https://kernel-0.example,https://kernel-1.example',
    'GRAUPEL_METADATA_URL=http://169.254.169.254',
    'GRAUPEL_PROJECT=project-1',
    'GRAUPEL_TOPIC_PREFIX=graupel',
  ].join('\n'),
  'attributes/graupel-image': agentImage,
  'service-accounts/default/token': '{"access_token":"ya29.secret","expires_in":3599,"token_type":"Bearer"}',
}

/** The files that cloud-init writes, by path. Each is a block of text, six columns in. */
function filesOf(cloudInit: string): ReadonlyMap<string, string> {
  const blocks = cloudInit.split(/^ {2}- path: /m).slice(1)
  return new Map(
    blocks.map((block) => {
      const [path = ''] = block.split('\n')
      const text = (block.split('    content: |\n')[1] ?? '').split(/^(?=\S)/m)[0] ?? ''
      return [path, `${text.replace(/^ {6}/gm, '').trimEnd()}\n`]
    }),
  )
}

interface Run {
  readonly output: string
  /** Calls of the machine's programs, one a line. */
  readonly calls: readonly string[]
  readonly environment: string
}

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function startMachine(values: Readonly<Record<string, string>> = machine): Promise<FakeMetadata> {
  const metadata = await startFakeMetadata(values)
  ends.push(() => metadata.close())
  return metadata
}

/** Runs the script as cloud-init would, with programs of the machine that only write down how they were called. */
async function start(
  metadata: FakeMetadata,
  failing: readonly string[] = [],
  vendors: readonly string[] = ['0x1af4'],
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'graupel-start-'))
  ends.push(() => rm(folder, { recursive: true, force: true }))
  const log = join(folder, 'calls')
  await writeFile(log, '')
  for (const name of ['cos-extensions', 'docker', 'iptables', 'mount', 'poweroff', 'sleep']) {
    const fails = failing.map((words) => `case "${name} $*" in "${words}"*) exit 1 ;; esac`)
    const answers = `case "$*" in "image inspect"*) echo "${digest}" ;; esac`
    const read = 'case "$*" in *--password-stdin*) echo "password $(cat)" >> "$CALLS" ;; esac'
    await writeFile(
      join(folder, name),
      `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${fails.join('\n')}\n${read}\n${answers}\n`,
    )
    await chmod(join(folder, name), 0o755)
  }
  for (const [slot, vendor] of vendors.entries()) {
    await mkdir(join(folder, 'pci', String(slot)), { recursive: true })
    await writeFile(join(folder, 'pci', String(slot), 'vendor'), `${vendor}\n`)
  }
  const script = join(folder, 'start-agent.sh')
  const text = filesOf(await readFile(image('cloud-init.yaml'), 'utf8')).get('/var/lib/graupel/start-agent.sh')
  await writeFile(script, text ?? '')
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    CALLS: log,
    GRAUPEL_METADATA_URL: metadata.url,
    GRAUPEL_SCRATCH: join(folder, 'scratch'),
    GRAUPEL_MOUNTS: join(folder, 'mounts'),
    GRAUPEL_RUN: join(folder, 'run'),
    GRAUPEL_PCI: join(folder, 'pci'),
    GRAUPEL_POWER_OFF: 'poweroff now',
  }
  const output = await new Promise<string>((resolve) => {
    execFile('bash', [script], { env }, (_, stdout, stderr) => resolve(stdout + stderr))
  })
  const calls = (await readFile(log, 'utf8')).trim().replaceAll(folder, '').split('\n')
  const environment = await readFile(join(folder, 'run/environment'), 'utf8').catch(() => '')
  return { output, calls, environment: environment.replaceAll(folder, '') }
}

describe('the start of a machine', () => {
  test('starts the agent with what the metadata server says, and switches the machine off after it', async () => {
    const metadata = await startMachine()
    const { calls, environment } = await start(metadata)
    expect(metadata.refused).toEqual([])
    expect(calls.filter((call) => !call.startsWith('mount '))).toEqual([
      'iptables --wait -I DOCKER-USER -d 169.254.169.254 -j REJECT',
      'iptables --wait -I DOCKER-USER -d 169.254.169.254 -p tcp --dport 53 -j RETURN',
      'iptables --wait -I DOCKER-USER -d 169.254.169.254 -p udp --dport 53 -j RETURN',
      `docker login --username oauth2accesstoken --password-stdin https://${registry}`,
      'password ya29.secret',
      `docker pull --quiet ${agentImage}`,
      `docker image inspect --format {{index .RepoDigests 0}} ${agentImage}`,
      `docker run --name graupel-agent --rm --network host --privileged --env-file /run/environment --volume /var/run/docker.sock:/var/run/docker.sock --volume /scratch:/scratch:rshared --volume /mounts:/mounts:rshared ${agentImage}`,
      'poweroff now',
    ])
    const told = Object.fromEntries(environment.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
    expect(readConfig(told)).toMatchObject({
      name: 'graupel-spot-1a2b3c-t0k9-0-17',
      pool: 'spot-1a2b3c',
      scratch: '/scratch/graupel-spot-1a2b3c-t0k9-0-17',
      mountsFolder: '/mounts/graupel-spot-1a2b3c-t0k9-0-17',
      project: 'project-1',
      kernelUrls: ['https://kernel-0.example', 'https://kernel-1.example'],
      machine: { type: 'n2d-standard-16', zone: 'us-central1-b', isSpot: true },
      defaultImage: digest,
    })
  })

  test.each(['graupel-spots', 'a-name-of-16-let'])('finds the pool in the name of a machine of %s', async (prefix) => {
    const told = machine['attributes/graupel-environment'].replace('PREFIX=graupel', `PREFIX=${prefix}`)
    const name = `${prefix}-standard-1a2b3c-t0k9x1-0-17`
    const { environment } = await start(
      await startMachine({ ...machine, name, 'attributes/graupel-environment': told }),
    )
    expect(environment).toContain(`GRAUPEL_WORKER_NAME=${name}\nGRAUPEL_POOL=standard-1a2b3c\n`)
  })

  test('shares its folders with the containers of jobs: what is made may run, what is mounted is seen', async () => {
    const { calls } = await start(await startMachine())
    expect(calls.filter((call) => call.startsWith('mount '))).toEqual(
      ['/scratch', '/mounts'].flatMap((folder) => [
        `mount --bind ${folder} ${folder}`,
        `mount -o remount,bind,exec ${folder}`,
        `mount --make-rshared ${folder}`,
      ]),
    )
  })

  test('with an accelerator installs its driver, in a folder whose programs may run, and tells the agent', async () => {
    const vendors = ['0x1af4', '0x10de']
    const { calls, environment } = await start(await startMachine(), [], vendors)
    const install = calls.indexOf('cos-extensions install gpu')
    expect(calls.slice(install, install + 3)).toEqual([
      'cos-extensions install gpu',
      'mount --bind /var/lib/nvidia /var/lib/nvidia',
      'mount -o remount,exec /var/lib/nvidia',
    ])
    expect(calls.findIndex((call) => call.startsWith('docker run'))).toBeGreaterThan(install)
    expect(environment).toContain('\nGRAUPEL_NVIDIA=/var/lib/nvidia\n')
    const failed = await start(await startMachine(), ['cos-extensions'], vendors)
    expect(failed.calls.at(-1)).toBe('poweroff now')
    expect(failed.calls.join()).not.toContain('docker run')
    expect((await start(await startMachine())).calls.join()).not.toContain('cos-extensions')
  })

  test('tells how long each step took', async () => {
    const { output } = await start(await startMachine())
    const steps = output
      .trim()
      .split('\n')
      .map((line): { message: string; startMs: number } => JSON.parse(line))
    expect(steps.map(({ message }) => message.replace('machine start: ', ''))).toEqual([
      'begins',
      'knows what to do',
      'keeps containers from the metadata server',
      "has the agent's image",
      'the agent has ended with 0',
    ])
    for (const { startMs } of steps) expect(startMs).toBeGreaterThanOrEqual(0)
  })

  test('asks a metadata server again that is not ready', async () => {
    const metadata = await startMachine()
    metadata.failNext(2)
    const { calls } = await start(metadata)
    expect(calls.some((call) => call.startsWith('docker run'))).toBe(true)
  })

  test('of a machine that is not a Spot one says so, and needs no login for a registry that is not of Google', async () => {
    const values = {
      ...machine,
      name: 'graupel-standard-t0k9-1-0',
      'scheduling/preemptible': 'FALSE',
      'attributes/graupel-image': 'docker.io/me/worker:1',
    }
    const { calls, environment } = await start(await startMachine(values))
    expect(environment).toContain('GRAUPEL_MACHINE=n2d-standard-16,us-central1-b,standard')
    expect(environment).toContain('GRAUPEL_POOL=standard\n')
    expect(calls.some((call) => call.startsWith('docker login'))).toBe(false)
  })

  test('pulls the image again when that fails, and in the end switches the machine off', async () => {
    const { calls, output } = await start(await startMachine(), ['docker pull'])
    expect(calls.filter((call) => call.startsWith('docker pull'))).toHaveLength(6)
    expect(calls.some((call) => call.startsWith('docker run'))).toBe(false)
    expect(calls.at(-1)).toBe('poweroff now')
    expect(output).toContain("the agent's image cannot be pulled")
  })

  test('runs no job on a machine whose containers could take its identity', async () => {
    const { calls } = await start(await startMachine(), ['iptables'])
    expect(calls.some((call) => call.startsWith('docker'))).toBe(false)
    expect(calls.at(-1)).toBe('poweroff now')
  })

  test('switches the machine off when the agent crashes', async () => {
    const { calls, output } = await start(await startMachine(), ['docker run'])
    expect(calls.at(-1)).toBe('poweroff now')
    expect(output).toContain('the agent has ended with 1')
  })
})

test('cloud-init has the script as it is, and a unit that runs it', async () => {
  const files = filesOf(await readFile(image('cloud-init.yaml'), 'utf8'))
  expect([...files.keys()]).toEqual(['/var/lib/graupel/start-agent.sh', '/etc/systemd/system/graupel-agent.service'])
  expect(files.get('/var/lib/graupel/start-agent.sh')).toBe(await readFile(image('start-agent.sh'), 'utf8'))
  const unit = files.get('/etc/systemd/system/graupel-agent.service') ?? ''
  expect(unit).toContain('ExecStart=/bin/bash /var/lib/graupel/start-agent.sh\n')
  // Spot machines have 30 seconds: https://cloud.google.com/compute/docs/instances/spot (2026-11)
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeLessThanOrEqual(30)
})
