import { describe, expect, test } from 'vitest'
import { readProviderSchemas } from '../schema/provider-schemas.ts'
import { problemsOf } from './check-arguments.ts'
import { readFile, readModule } from './read-module.ts'

const schemas = readProviderSchemas()

test('every argument and block of the module is one that its provider takes, in the place where it takes it', async () => {
  const blocks = await readModule()
  expect(blocks.length).toBeGreaterThan(50)
  expect(blocks.flatMap((block) => problemsOf(block, schemas))).toEqual([])
})

test("nothing of the provider's schema is kept that the module does not use", async () => {
  const blocks = await readModule()
  const typesOf = (kind: string) =>
    [...new Set(blocks.filter((one) => one.kind === kind).map((one) => one.type))].sort()
  expect(Object.keys(schemas.resources).sort()).toEqual(typesOf('resource'))
  expect(Object.keys(schemas.dataSources).sort()).toEqual(typesOf('data'))
})

describe('the check finds', () => {
  const problemsIn = async (text: string) => {
    const blocks = await readFile('lanes.tf', `resource "google_pubsub_subscription" "lanes" {\n${text}\n}\n`)
    return blocks.flatMap((block) => problemsOf(block, schemas))
  }
  const place = 'google_pubsub_subscription.lanes in lanes.tf'
  const right = 'name = "lane"\ntopic = "lane"\n'

  test('a misspelt argument', async () => {
    expect(await problemsIn(`${right}ack_deadline = 60`)).toEqual([`${place}: no argument ack_deadline`])
  })

  test('an argument that the provider alone sets', async () => {
    expect(await problemsIn(`${right}effective_labels = {}`)).toEqual([`${place}: no argument effective_labels`])
  })

  test('a missing argument', async () => {
    expect(await problemsIn('name = "lane"')).toEqual([`${place}: the argument topic is missing`])
  })

  test('an argument in the wrong block', async () => {
    const text = `${right}push_config {\n push_endpoint = "https://example.com"\n audience = "x"\n}`
    expect(await problemsIn(text)).toEqual([`${place}: push_config: no argument audience`])
  })

  test('a block that the provider does not know', async () => {
    expect(await problemsIn(`${right}dead_letters {\n topic = "x"\n}`)).toEqual([`${place}: no block dead_letters`])
  })

  test('a misspelt argument in a dynamic block', async () => {
    const text = `${right}dynamic "expiration_policy" {\n for_each = [""]\n content {\n time = ""\n }\n}`
    expect(await problemsIn(text)).toEqual([
      `${place}: expiration_policy: no argument time`,
      `${place}: expiration_policy: the argument ttl is missing`,
    ])
  })

  test('a block that may be there only once', async () => {
    const block = 'expiration_policy {\n ttl = ""\n}\n'
    expect(await problemsIn(right + block + block)).toEqual([`${place}: more than 1 blocks expiration_policy`])
  })
})
