import { describe, expect, test } from 'vitest'
import { evaluateModule } from '../evaluate-module.ts'
import { whyNoTerraform } from '../terraform.ts'
import { grantsOf } from './grants.ts'
import { needs } from './needs.ts'

const reason = whyNoTerraform()
if (reason !== undefined) console.log(`what the module grants is not tested here: ${reason}`)

const submitter = 'user:someone@example.com'

describe.skipIf(reason !== undefined)('the module', () => {
  test('grants everybody what the table says, and nothing else', async () => {
    const module = await evaluateModule(`
      input_buckets  = ["my-inputs"]
      lanes          = 2
      output_buckets = ["my-outputs"]
      submitters     = ["${submitter}"]
    `)
    const wanted = needs.flatMap(({ by, needs: permissions }) =>
      by.flatMap((who) => permissions.map((one) => `${who === 'submitters' ? submitter : who}: ${one}`)),
    )
    expect(grantsOf(module)).toEqual([...new Set(wanted)].sort())
  })
})
