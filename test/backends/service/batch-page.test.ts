import { Batch, LocalBackend } from 'graupel'
import { describe, expect, test } from 'vitest'
import { batchPage } from '../../../client/src/backends/service/batch-page.ts'
import { browserCommand } from '../../../client/src/backends/service/open-browser.ts'
import { readServiceConfiguration } from '../../../client/src/backends/service/service-configuration.ts'
import { batchIdSchema } from '../../../client/src/model/index.ts'

const batch = batchIdSchema.parse('abcdefgh')
const pageIn = (environment: Record<string, string>) =>
  batchPage(
    readServiceConfiguration({ project: 'my-project', bucket: 'b' }, { XDG_CONFIG_HOME: '/nowhere', ...environment }),
    batch,
  )

describe("a batch's page", () => {
  test('is that of its document in the console of Google Cloud', () => {
    const console = 'https://console.cloud.google.com/firestore/databases'
    expect(pageIn({})).toBe(`${console}/-default-/data/panel/batches/abcdefgh?project=my-project`)
    expect(pageIn({ GRAUPEL_DATABASE: 'graupel' })).toBe(
      `${console}/graupel/data/panel/batches/abcdefgh?project=my-project`,
    )
  })

  test('is what the api says of it on the emulated service, which has no console', () => {
    const emulated = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' }
    expect(pageIn({ ...emulated, GRAUPEL_API_URL: 'http://127.0.0.1:9000' })).toBe(
      'http://127.0.0.1:9000/api/v1alpha/batches/abcdefgh',
    )
    expect(pageIn(emulated)).toBeUndefined()
  })

  test('is opened by the program that BROWSER names, else by the system', () => {
    expect(browserCommand('http://x/', { BROWSER: 'lynx' }, 'linux')).toEqual(['lynx', 'http://x/'])
    expect(browserCommand('http://x/', { BROWSER: '' }, 'linux')).toEqual(['xdg-open', 'http://x/'])
    expect(browserCommand('http://x/', {}, 'darwin')).toEqual(['open', 'http://x/'])
    expect(browserCommand('http://x/?a&b', {}, 'win32')).toEqual([
      'rundll32',
      'url.dll,FileProtocolHandler',
      'http://x/?a&b',
    ])
  })

  test('is nowhere on this machine, and run goes on as if it had not been asked for', async () => {
    await using backend = new LocalBackend()
    const batch = new Batch({ backend })
    batch.newJob().command`true`
    expect((await (await batch.run({ open: true })).status()).state).toBe('success')
  })
})
