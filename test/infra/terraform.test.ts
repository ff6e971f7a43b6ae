import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testFileOf } from './evaluate-module.ts'
import { type StandInProvider, startStandInProvider } from './provider/stand-in-provider.ts'
import { copyModule, type ModuleCopy, whyNoTerraform } from './terraform.ts'

const reason = whyNoTerraform()
if (reason !== undefined) console.log(`Terraform's own checks of the module are not run here: ${reason}`)

describe.skipIf(reason !== undefined)('Terraform', () => {
  let provider: StandInProvider
  let copy: ModuleCopy

  beforeAll(async () => {
    provider = await startStandInProvider()
    copy = await copyModule(provider.environment)
    await copy.terraform('init', '-backend=false', '-input=false')
  })

  afterAll(async () => {
    await copy.remove()
    provider.close()
  })

  test('finds the module formatted', async () => {
    expect(await copy.terraform('fmt', '-check', '-diff', '-recursive')).toEqual({ exitCode: 0, output: '' })
  })

  test('finds the module valid', async () => {
    const { exitCode, output } = await copy.terraform('validate')
    expect(output).toContain('The configuration is valid')
    expect(exitCode).toBe(0)
  })

  test("passes the module's own tests", async () => {
    const { exitCode, output } = await copy.terraform('test')
    expect(output).toMatch(/[1-9]\d* passed, 0 failed/)
    expect(exitCode).toBe(0)
  })

  test('plans the example of the README', async () => {
    const [, example = ''] = /```hcl\n([\s\S]*?)```/.exec(await copy.read('README.md')) ?? []
    expect(example).toContain('lanes')
    await copy.add('tests/example.tftest.hcl', testFileOf(example, 'plan'))
    expect(await copy.terraform('test', '-filter=tests/example.tftest.hcl')).toMatchObject({ exitCode: 0 })
  })

  test.each([
    ['an argument that the provider does not take', 'topic = ""', 'An argument named "topic" is not expected here'],
    [
      'a variable that is not declared',
      'labels = var.nothing',
      'An input variable with the name "nothing" has not been declared',
    ],
    [
      'a value of the wrong type',
      'labels = "graupel"',
      'Inappropriate value for attribute "labels": map of string required',
    ],
  ])('finds %s', async (_, line, message) => {
    await copy.add('wrong.tf', `resource "google_pubsub_topic" "wrong" {\n  name = "wrong"\n  ${line}\n}\n`)
    const { exitCode, output } = await copy.terraform('validate')
    expect(output.replace(/\s+/g, ' ')).toContain(message)
    expect(exitCode).toBe(1)
  })
})
