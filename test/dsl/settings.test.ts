import { type BashJob, Batch, type BatchOptions, InvalidBatchError, type JobOptions } from 'graupel'
import { expect, test } from 'vitest'
import { newJob, onlyJob } from './script-of.ts'

/** The settings of a job as they are submitted. */
function templateOf(
  options: JobOptions,
  batchOptions: BatchOptions = {},
  change: (job: BashJob) => unknown = () => {},
) {
  const batch = new Batch(batchOptions)
  change(batch.newJob(options))
  return onlyJob(batch).template
}

const plain = {
  cpuMillis: 1000,
  memoryBytes: 3.75 * 2 ** 30,
  storageBytes: 0,
  env: {},
  alwaysRun: false,
  alwaysCopyOutput: false,
  spot: true,
  retry: { failed: 0, preempted: 20, infrastructure: 5, onDemandAfter: 3 },
}

test('a job that says nothing gets one core, standard memory and no storage', () => {
  expect(templateOf({})).toEqual(plain)
})

const all: JobOptions = {
  env: { A: 'b c', N: 4 },
  image: 'ubuntu',
  cpu: '500m',
  memory: 'highmem',
  storage: '10Gi',
  timeout: '5m',
  spot: false,
  regions: ['us-central1'],
  alwaysRun: true,
  alwaysCopyOutput: true,
  maxAttempts: 4,
  retry: { failed: 1, exitCodes: { 75: 3 }, outOfMemory: { upTo: '64Gi' }, onDemandAfter: 0 },
  accelerator: { type: 'nvidia-l4' },
  cloudfuse: [{ bucket: 'data', mountPoint: '/b' }],
  checkpoint: { every: '1m' },
}
const resolved = {
  env: { A: 'b c', N: '4' },
  image: 'ubuntu',
  cpuMillis: 500,
  memoryBytes: 3.5 * 2 ** 30,
  storageBytes: 10 * 2 ** 30,
  timeoutMs: 300_000,
  spot: false,
  regions: ['us-central1'],
  alwaysRun: true,
  alwaysCopyOutput: true,
  maxAttempts: 4,
  retry: {
    failed: 1,
    exitCodes: { 75: 3 },
    outOfMemory: { factor: 2, upToBytes: 64 * 2 ** 30 },
    preempted: 20,
    infrastructure: 5,
    onDemandAfter: 0,
  },
  accelerator: { type: 'nvidia-l4', count: 1 },
  cloudfuse: [{ bucket: 'data', mountPoint: '/b', readOnly: true }],
  checkpoint: { everyMs: 60_000 },
}

test('every setting is an option', () => {
  expect(templateOf(all)).toEqual(resolved)
})

test('every option is a setter that chains', () => {
  const template = templateOf({}, {}, (job) =>
    job
      .env('A', 'x')
      .env({ A: 'b c', N: 4 })
      .image('ubuntu')
      .cpu('500m')
      .memory('highmem')
      .storage('10Gi')
      .timeout('5m')
      .spot(false)
      .regions(['us-central1'])
      .alwaysRun()
      .alwaysCopyOutput()
      .maxAttempts(4)
      .retry({ failed: 1, exitCodes: { 75: 3 }, outOfMemory: { upTo: '64Gi' }, onDemandAfter: 0 })
      .accelerator({ type: 'nvidia-l4' })
      .cloudfuse('data', '/b')
      .checkpoint({ every: 60 }),
  )
  expect(template).toEqual(resolved)
})

test.each(['gs://my-data/of/mine/', 'my-data/of mine', 'a.b-c_d', `${'a'.repeat(63)}.${'b'.repeat(63)}`])(
  'a bucket may be %s',
  (bucket) => {
    const mounts = [{ bucket, mountPoint: '/b', readOnly: true }]
    expect(templateOf({ cloudfuse: [{ bucket, mountPoint: '/b' }] }).cloudfuse).toEqual(mounts)
  },
)

const defaults: BatchOptions = {
  defaultImage: 'ubuntu',
  defaultCpu: 2,
  defaultMemory: '1G',
  defaultStorage: 7,
  defaultTimeout: 60,
  defaultRegions: ['europe-west4'],
  defaultSpot: false,
  defaultRetry: 2,
  requesterPaysProject: 'p',
}

test("a batch's defaults hold for what a job does not set", () => {
  expect(templateOf({}, defaults)).toEqual({
    ...plain,
    image: 'ubuntu',
    cpuMillis: 2000,
    memoryBytes: 1e9,
    storageBytes: 7,
    timeoutMs: 60_000,
    regions: ['europe-west4'],
    spot: false,
    retry: { ...plain.retry, failed: 2 },
    requesterPaysProject: 'p',
  })
  expect(templateOf({ cpu: 1, spot: true, image: undefined }, defaults)).toMatchObject({
    cpuMillis: 1000,
    spot: true,
    image: 'ubuntu',
  })
})

test("null clears a batch's default", () => {
  const cleared = { image: null, cpu: null, memory: null, storage: null, timeout: null }
  const expected = {
    ...plain,
    regions: ['europe-west4'],
    spot: false,
    retry: { ...plain.retry, failed: 2 },
    requesterPaysProject: 'p',
  }
  expect(templateOf(cleared, defaults)).toEqual(expected)
  const change = (job: BashJob) => job.image(null).cpu(null).memory(null).storage(null).timeout(null)
  expect(templateOf({}, defaults, change)).toEqual(expected)
})

test('the later setter wins', () => {
  expect(templateOf({ cpu: 2, retry: 3 }, {}, (job) => job.cpu(1).cpu(4).retry({ preempted: 1 }))).toMatchObject({
    cpuMillis: 4000,
    retry: { failed: 0, preempted: 1 },
  })
})

test('memory in words grows with the cores', () => {
  expect(templateOf({ cpu: 2, memory: 'lowmem' }).memoryBytes).toBe(2 * 2 ** 30)
  expect(templateOf({ memory: 'lowmem' }, { defaultCpu: 4 }).memoryBytes).toBe(4 * 2 ** 30)
})

test("any region is not the backend's regions", () => {
  expect(templateOf({ regions: 'any' }, defaults).regions).toEqual(['any'])
  expect(templateOf({}, { defaultRegions: 'any' }).regions).toEqual(['any'])
  expect(templateOf({}).regions).toBeUndefined()
})

test("a machine type takes the place of the batch's cpu and memory", () => {
  expect(templateOf({ machineType: 'n2-highmem-8' }, defaults)).toMatchObject({
    machineType: 'n2-highmem-8',
    cpuMillis: 1000,
    memoryBytes: 3.75 * 2 ** 30,
  })
  expect(templateOf({ machineType: 'n2-highmem-8', cpu: null }).machineType).toBe('n2-highmem-8')
})

const mistakes: readonly (readonly [string, JobOptions, string])[] = [
  ['no such accelerator', { accelerator: { type: 'gpu' } }, "asks for the accelerator 'gpu', which no machine here"],
  [
    'accelerator of another machine',
    { accelerator: { type: 'nvidia-l4' }, machineType: 'n2-standard-4' },
    "asks for 1 of the accelerator 'nvidia-l4' on a machine n2-standard-4, which does not take them",
  ],
  ['cpu', { cpu: 'two' }, "asks for cpu 'two'; write cores, such as 2, 0.5, '0.5' or '500m'."],
  ['cpu NaN', { cpu: Number.NaN }, 'asks for cpu NaN; write cores'],
  ['cpu 0', { cpu: 0 }, 'asks for cpu 0; it must be more than 0 and at most 416 cores.'],
  ['cpu -1', { cpu: -1 }, 'asks for cpu -1; write cores'],
  ['cpu 417', { cpu: 417 }, 'asks for cpu 417; it must be more than 0 and at most 416 cores.'],
  ['memory', { memory: '7 Gb' }, "asks for memory '7 Gb'; write bytes, such as '7.5Gi' or '7G', or 'lowmem'"],
  ['memory 0', { memory: 0 }, 'asks for memory 0; it must be more than 0 and at most 12Ti.'],
  ['memory 13Ti', { memory: '13Ti' }, "asks for memory '13Ti'; it must be more than 0 and at most 12Ti."],
  [
    'image',
    { image: 'Bad Name' },
    "has the image 'Bad Name', which is no image's name; write one such as 'ubuntu:24.04'",
  ],
  ['storage', { storage: '10 Gi' }, "asks for storage '10 Gi'; write bytes, such as '10Gi' or '500M'."],
  ['storage 65Ti', { storage: '65Ti' }, "asks for storage '65Ti'; at most 64Ti is possible."],
  ['timeout', { timeout: 90_000 }, 'has the timeout 90000; write seconds up to 86400, or a number with its unit'],
  ['timeout 0', { timeout: 0 }, 'has the timeout 0; it must be more than 0.'],
  ['no image', { image: ' ' }, "has the image ' ', which is no image's name; write one such as 'ubuntu:24.04'"],
  ['regions', { regions: [] }, "has the regions []; name at least one, or write 'any'."],
  ['region', { regions: [''] }, "has the region ''; write a text"],
  ['maxAttempts', { maxAttempts: 0 }, 'has the maxAttempts 0; write a whole number of at least 1.'],
  ['maxAttempts 251', { maxAttempts: 251 }, 'has the maxAttempts 251; at most 250 attempts are made of any job.'],
  ['retry', { retry: 1.5 }, 'has the retry 1.5; write a whole number of at least 0.'],
  ['retry preempted', { retry: { preempted: -1 } }, 'has the retry preempted -1; write a whole number'],
  ['exit code', { retry: { exitCodes: { 256: 1 } } }, 'has a retry for the exit code 256; write whole numbers from 1'],
  ['exit code retries', { retry: { exitCodes: { 7: -1 } } }, 'has the retry for exit code 7 -1; write a whole number'],
  [
    'factor',
    { retry: { outOfMemory: { factor: 1, upTo: '1G' } } },
    'has the outOfMemory factor 1; write a number greater',
  ],
  ['upTo', { retry: { outOfMemory: { upTo: 'much' } } }, "asks for memory 'much'"],
  ['machineType', { machineType: '' }, "has the machineType ''; write a text"],
  [
    'machineType and cpu',
    { machineType: 'n2', cpu: 1 },
    "has both machineType 'n2' and cpu or memory; a machine type decides",
  ],
  ['machineType and memory', { machineType: 'n2', memory: 1 }, "has both machineType 'n2' and cpu or memory"],
  ['accelerator', { accelerator: { type: '' } }, "has the accelerator ''; write a text"],
  ['count', { accelerator: { type: 'l4', count: 0 } }, "has the count of accelerator 'l4' 0; write a whole number"],
  ...['', '--version', 'B-b', 'ab', 'a b', 'gs://', 's3://data', 'a..b', 'data-', `${'a'.repeat(64)}/b`].map(
    (bucket): [string, JobOptions, string] => [
      `bucket ${bucket}`,
      { cloudfuse: [{ bucket, mountPoint: '/b' }] },
      `has the cloudfuse bucket '${bucket}'; write a bucket's name, such as 'my-data', or a folder of it`,
    ],
  ),
  [
    'mount point',
    { cloudfuse: [{ bucket: 'data', mountPoint: 'b' }] },
    "has the cloudfuse mount point 'b'; write an absolute path, such as '/b'.",
  ],
  ...['/', '/io', '/io/batch', '//io/../io/x'].map((mountPoint): [string, JobOptions, string] => [
    `mount point ${mountPoint}`,
    { cloudfuse: [{ bucket: 'data', mountPoint }] },
    `has the cloudfuse mount point '${mountPoint}', where its own files are; write another, such as '/data'.`,
  ]),
  ['checkpoint', { checkpoint: { every: '10ms' } }, "stores its checkpoint every '10ms'; write at least a second"],
  [
    'checkpoint variable',
    { env: { GRAUPEL_CHECKPOINT_DIR: '/x' } },
    'sets the environment variable GRAUPEL_CHECKPOINT_DIR, which names its checkpoint folder; take another name.',
  ],
  [
    'two mounts',
    {
      cloudfuse: [
        { bucket: 'other', mountPoint: '/b' },
        { bucket: 'data', mountPoint: '/b' },
      ],
    },
    "mounts two buckets at '/b'; take another mount point.",
  ],
  [
    'env name',
    { env: { 'A-B': 'x' } },
    "has the environment variable 'A-B'; write letters, digits and _, and no digit first.",
  ],
  ['env NUL', { env: { A: 'x\0' } }, 'has the environment variable A with a NUL character, which none can have.'],
  [
    'env BATCH_TMPDIR',
    { env: { BATCH_TMPDIR: '/' } },
    'sets the environment variable BATCH_TMPDIR, which names the folder',
  ],
  [
    'env file',
    { env: { A: `x${newJob().output('a')}` } },
    'has the environment variable A with a file in its value, whose place is not known yet; set it in the command: export A=\x24{file}.',
  ],
  ['attribute', { attributes: { a: 'x\ny' } }, 'has the attribute {"a":"x\\ny"}; write a name, and no line break'],
]

test.each(mistakes)('%s is refused by name, with its value and what to do', (_, options, message) => {
  const make = () => new Batch().newJob({ name: 'align', ...options })
  expect(make).toThrow(InvalidBatchError)
  expect(make).toThrow(`Job 'align' ${message}`)
})

test('the error knows the job', () => {
  expect.assertions(2)
  try {
    new Batch().newJob({ name: 'align', cpu: 0 })
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidBatchError', code: 'E_INVALID_BATCH', job: 'align' })
  }
  expect(() => new Batch().newJob().cpu(0)).toThrow('Job number 1 (unnamed) asks for cpu 0')
})

const untyped: readonly (readonly [string, object, string])[] = [
  ['an unknown cause', { retry: { oom: 1 } }, "has a retry for the cause 'oom', which there is not"],
  ['a misspelt cause', { retry: { failled: 1 } }, "; did you mean 'failed'?"],
  [
    'a retry that is no policy',
    { retry: 'x' },
    "has the retry 'x'; write a number, or retries per cause: { failed: 3 }.",
  ],
  [
    'an object as a variable',
    { env: { A: {} } },
    'has the environment variable A with the value [object Object]; write a text',
  ],
  ['undefined as a variable', { env: { A: undefined } }, 'has the environment variable A with the value undefined'],
  ['a timeout with a space', { timeout: '5 minutes' }, "has the timeout '5 minutes'; write seconds"],
  ['the attribute name', { attributes: { name: 'x' } }, "has the attribute 'name'; use the option name instead."],
  ['a number as an attribute', { attributes: { a: 1 } }, "has the attribute 'a' with the value 1; write a text."],
  ['a job of no batch', { dependsOn: ['a'] }, 'depends on a; pass jobs of its batch, or arrays of them.'],
]

test.each(untyped)('%s, which types would refuse, is refused too', (_, options, message) => {
  const batch = new Batch()
  expect(() => Reflect.apply(batch.newJob, batch, [{ name: 'align', ...options }])).toThrow(message)
})

test.each([
  [{ name: 'a\nb' }, 'The batch has the name'],
  [
    { name: 'b', defaultCpu: 0 },
    "Batch 'b' asks for cpu 0; it must be more than 0 and at most 416 cores. (by its defaults)",
  ],
  [{ name: 'b', defaultMemory: '1 G' }, "Batch 'b' asks for memory '1 G'"],
  [{ name: 'b', defaultStorage: 'x' }, "Batch 'b' asks for storage 'x'"],
  [{ name: 'b', defaultTimeout: -1 }, "Batch 'b' has the timeout -1"],
  [{ name: 'b', defaultRegions: [] }, "Batch 'b' has the regions []"],
  [{ name: 'b', defaultRetry: -1 }, "Batch 'b' has the retry -1"],
  [{ name: 'b', defaultImage: '' }, "Batch 'b' has the defaultImage '', which is no image's name"],
  [{ name: 'b', defaultPythonImage: 'a b' }, "Batch 'b' has the defaultPythonImage 'a b', which is no image's name"],
  [{ name: 'b', defaultShell: '' }, "Batch 'b' has the defaultShell ''"],
  [{ name: 'b', requesterPaysProject: '' }, "Batch 'b' has the requesterPaysProject ''"],
  [
    { name: 'b', cancelAfterNFailures: 0 },
    "Batch 'b' has the cancelAfterNFailures 0; write a whole number of at least 1.",
  ],
  [{ name: 'b', attributes: { '': 'x' } }, 'has the attribute {"":"x"}; write a name'],
] satisfies [BatchOptions, string][])('a batch with %j is refused', (options, message) => {
  expect(() => new Batch(options)).toThrow(message)
})

test.each(['a\nb', 'a\0', 'a\u007f'])('the job name %j is refused', (name) => {
  expect(() => new Batch().newJob({ name })).toThrow(
    `Job number 1 (unnamed) has the name ${JSON.stringify(name)}; write a text without line breaks and other control characters.`,
  )
})
