import { spawnSync } from 'node:child_process'
import { decodeChunk, paths } from 'graupel/engine'
import { batchId, renderScript } from 'graupel/model'
import { describe, expect, test } from 'vitest'
import { announce, bash, fast, openApi } from './submit-bed.ts'

describe('a job', () => {
  const planned = async (job: object) => {
    const { send, jobs, store } = openApi()
    const { body, status } = await send('POST', '/batches/create-fast', fast([{ job_id: 1, ...job }]))
    expect(body.message).toBeUndefined()
    expect(status).toBe(200)
    const [found] = await jobs(body.id)
    const [chunk] = await store.query({ kind: 'collection', path: paths.plansOf(batchId(String(body.id))), limit: 1 })
    const template = chunk && decodeChunk(chunk.document).templates[0]
    if (found === undefined || 'object' in found.detail) throw new Error('the detail is not in the chunk')
    return { detail: found.detail, template }
  }
  const docker = (...command: string[]) => ({ process: { type: 'docker', image: 'busybox', command } })
  const scriptOf = async (job: object) => {
    const { task } = (await planned(job)).detail
    if (task.kind !== 'bash') throw new Error('nothing to run')
    return { shell: task.shell, script: renderScript(task.script, (path) => path) }
  }

  test('runs exactly the program and arguments that were sent', async () => {
    const script = `exec 'python3' '-c' 'print("it'\\''s $HOME")'`
    expect(await scriptOf(docker('python3', '-c', `print("it's $HOME")`))).toEqual({ shell: '/bin/sh', script })
  })

  test('gets its arguments through the shell as they are', async () => {
    const words = ["it's", '$HOME `id` \\', 'two\nlines', '', '-n']
    const { shell, script } = await scriptOf(docker('printf', '<%s>', ...words))
    const { stdout } = spawnSync(shell, ['-c', `set -e\n${script}`], { encoding: 'utf8' })
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''))
  })

  test('that is a script of a shell is that script, which says itself when to stop', async () => {
    const script = 'set +e\nfalse; echo $PWD'
    expect(await scriptOf(docker('/bin/bash', '-c', 'false; echo $PWD'))).toEqual({ shell: '/bin/bash', script })
  })

  test('without an image is a process of its worker', async () => {
    const { detail, template } = await planned({ process: { type: 'bash', shell: '/bin/sh', script: 'ls' } })
    expect(detail.task).toEqual({ kind: 'bash', shell: '/bin/sh', script: ['ls'] })
    expect(template).not.toHaveProperty('image')
  })

  test('gets the settings that it asks for', async () => {
    const { template } = await planned({
      ...docker('true'),
      always_run: true,
      always_copy_output: true,
      n_max_attempts: 4,
      env: [
        { name: 'A', value: 'x=y' },
        { name: 'BATCH_TMPDIR', value: '/io/batch/a1b2c3' },
      ],
      resources: { cpu: '500m', memory: 'highmem', storage: '10Gi', preemptible: false },
      timeout: 1.5,
      regions: ['us-central1'],
      requester_pays_project: 'payer',
    })
    expect(template).toMatchObject({
      image: 'busybox',
      env: { A: 'x=y' },
      cpuMillis: 500,
      memoryBytes: 3.5 * 2 ** 30,
      storageBytes: 10 * 2 ** 30,
      spot: false,
      timeoutMs: 1500,
      alwaysRun: true,
      alwaysCopyOutput: true,
      maxAttempts: 4,
      regions: ['us-central1'],
      requesterPaysProject: 'payer',
    })
    expect(template?.env).not.toHaveProperty('BATCH_TMPDIR')
  })

  test('gets its buckets, read-only unless it says otherwise', async () => {
    const { template } = await planned({
      ...docker('true'),
      cloudfuse: [
        { bucket: 'reference', mount_path: '/reference' },
        { bucket: 'results', mount_path: '/results', read_only: false },
      ],
    })
    expect(template?.cloudfuse).toEqual([
      { bucket: 'reference', mountPoint: '/reference', readOnly: true },
      { bucket: 'results', mountPoint: '/results', readOnly: false },
    ])
  })

  test('has the accelerators that its machine type names', async () => {
    const resources = { machine_type: 'n1-standard-4+nvidia-tesla-t4+1' }
    const { template } = await planned({ ...docker('true'), resources })
    expect(template).toMatchObject({
      machineType: 'n1-standard-4',
      accelerator: { type: 'nvidia-tesla-t4', count: 1 },
    })
  })

  test('has its files below the folder of the batch', async () => {
    const { detail } = await planned({
      ...docker('true'),
      input_files: [['gs://b/in.txt', '/io/batch/a1b2c3/inputs/in.txt']],
      output_files: [
        ['/io/batch/a1b2c3/out', 'gs://b/out'],
        ['/io/batch/a1b2c3/out', 'gs://b/copy'],
      ],
    })
    expect(detail.inputs).toEqual([{ kind: 'object', uri: 'gs://b/in.txt', path: 'inputs/in.txt' }])
    expect(detail.outputs).toEqual([
      { name: 'out', path: 'out', isNeeded: true, destinations: ['gs://b/out', 'gs://b/copy'] },
    ])
  })
})

describe('a job is refused by number and name, saying the field and what to do,', () => {
  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['of a JVM', { process: { type: 'jvm', command: ['x'] } }, /jvm.*docker/],
    ['without a program', { process: { type: 'docker', image: 'i', command: [''] } }, /command/],
    ['with a NUL', { process: { type: 'bash', script: 'a\0b' } }, /NUL/],
    ['with a bad cpu', { resources: { cpu: 'many' } }, /resources\.cpu 'many'/],
    ['with too much memory', { resources: { memory: '100Ti' } }, /resources\.memory '100Ti'/],
    ['with a bad storage', { resources: { storage: '10 Gi' } }, /resources\.storage/],
    ['with two sizes', { resources: { machine_type: 'n2-highmem-8', cpu: '8' } }, /machine_type 'n2-highmem-8'/],
    ['with a bad count', { resources: { machine_type: 'n1-standard-4+nvidia-tesla-t4+x' } }, /nvidia-tesla-t4\+x/],
    [
      'with accelerators that its machine does not take',
      { resources: { machine_type: 'n2-standard-4+nvidia-tesla-t4+1' } },
      /leave the machine type out/,
    ],
    ['with no time', { timeout: 0 }, /timeout 0/],
    ['with too many attempts', { n_max_attempts: 251 }, /n_max_attempts 251/],
    ['with no region', { regions: [] }, /regions/],
    ['with a bad variable', { env: [{ name: 'a=b', value: '' }] }, /'a=b'/],
    ['with a folder of its own', { env: [{ name: 'BATCH_TMPDIR', value: '/tmp' }] }, /BATCH_TMPDIR/],
    ['with an input from elsewhere', { input_files: [['s3://b/x', '/io/batch/a/x']] }, /s3:\/\/b\/x/],
    ['with an input out of place', { input_files: [['gs://b/x', '/etc/x']] }, /'\/etc\/x' in input_files/],
    ['that climbs out', { output_files: [['/io/batch/a/../x', 'gs://b/x']] }, /output_files/],
    ['that stores nowhere', { output_files: [['/io/batch/a/x', 'gs://b']] }, /'gs:\/\/b' in output_files/],
    ['that is its own parent', { in_update_parent_ids: [1] }, /in_update_parent_ids/],
    ['of an unknown parent', { absolute_parent_ids: [1] }, /absolute_parent_ids/],
    ['in a job group', { in_update_job_group_id: 1 }, /in_update_job_group_id/],
    ['with no bucket', { cloudfuse: [{ bucket: '', mount_path: '/b', read_only: true }] }, /cloudfuse.*bucket/],
    ['with a bucket nowhere', { cloudfuse: [{ bucket: 'b', mount_path: 'b' }] }, /mount_path 'b'/],
    ['with a bucket over its files', { cloudfuse: [{ bucket: 'b', mount_path: '/x/../io/b' }] }, /mount_path.*\/io/],
    [
      'with two buckets in one place',
      { cloudfuse: ['a', 'b'].map((bucket) => ({ bucket, mount_path: '/b' })) },
      /two buckets at '\/b'/,
    ],
    ['with gcsfuse', { gcsfuse: [{ bucket: 'b' }] }, /gcsfuse.*cloudfuse/],
    ['with secrets', { secrets: [{ name: 's' }] }, /secrets/],
    ['with a network', { network: 'private' }, /network/],
    ['with a port', { port: 80 }, /port/],
  ]

  test.each(refused)('%s', async (_, job, message) => {
    const { send } = openApi()
    const body = fast([bash(1, { attributes: { name: 'odd' }, ...job })])
    const answer = await send('POST', '/batches/create-fast', body)
    expect(answer.status).toBe(400)
    expect(answer.body.message).toMatch(/job 1 \('odd'\)/)
    expect(answer.body.message).toMatch(message)
    expect((await send('POST', '/batches/create', announce(1))).status).toBe(200)
  })

  test('and in a bunch before that is kept', async () => {
    const { send, names } = openApi()
    const { body } = await send('POST', '/batches/create', announce(1))
    const bunch = [bash(1, { port: 80 })]
    expect((await send('POST', `/batches/${body.id}/updates/1/jobs/create`, bunch)).status).toBe(400)
    expect(await names()).toHaveLength(1)
  })
})
