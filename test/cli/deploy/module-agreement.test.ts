import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  choicesSchema,
  defaultChoices,
  defaultMachines,
  stateBucketOf,
} from '../../../client/src/cli/deploy/deployment.ts'
import { limitsSchema } from '../../../client/src/cli/deploy/limits.ts'
import { dataAmong } from '../../../client/src/cli/destroy/kept-data.ts'
import { neededApis } from '../../../client/src/cli/doctor/api-checks.ts'
import { moduleFolder, readModuleText } from '../../infra/module-files.ts'

const text = readModuleText()
const variables = new Map(
  [...text.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => [name, body]),
)
const apisFile = readFileSync(join(moduleFolder, 'project.tf'), 'utf8')

describe('the commands and the Terraform module', () => {
  test('every choice is a variable of the module', () => {
    for (const name of Object.keys(choicesSchema.unwrap().shape)) expect([...variables.keys()]).toContain(name)
    for (const name of ['functions_source', 'data_can_be_deleted', 'service_key'])
      expect([...variables.keys()]).toContain(name)
  })

  test('every limit that can be chosen is one of the module', () => {
    const names = Object.keys(limitsSchema.shape)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names)
      expect(variables.get('limits')).toMatch(new RegExp(`^ +${name} += optional\\((number|string)\\)$`, 'm'))
  })

  test('the defaults are the same', () => {
    expect(variables.get('prefix')).toContain(`"${defaultChoices.prefix}"`)
    expect(variables.get('region')).toContain(`"${defaultChoices.region}"`)
    expect(variables.get('lanes')).toMatch(new RegExp(`default += ${defaultChoices.lanes}$`, 'm'))
    const { families, ...numbers } = defaultMachines
    for (const [name, value] of Object.entries(numbers))
      expect(variables.get('machines')).toMatch(new RegExp(`${name} += optional\\(number, ${value}\\)`))
    const listed = families.map((family) => `"${family}"`).join(', ')
    expect(variables.get('machines')).toContain(`optional(list(string), [${listed}])`)
  })

  test('the APIs that doctor looks for are those that the module switches on', () => {
    const [, listed = ''] = /toset\(concat\(\[([\s\S]*?)\]/.exec(apisFile) ?? []
    expect([...listed.matchAll(/"(\w+)\.googleapis\.com"/g)].map(([, name]) => name)).toEqual([...neededApis])
  })

  test('what destroy keeps depends on nothing that it deletes, else Terraform would take it along', () => {
    const blocks = [...text.matchAll(/^resource "(\w+)" "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(
      ([, type, name, body = '']) => ({
        address: `${type}.${name}`,
        body,
      }),
    )
    const isData = ({ address }: { address: string }) => dataAmong([address, `${address}.`]).length > 0
    expect(blocks.filter(isData).length).toBeGreaterThan(5)
    for (const { address, body } of blocks.filter(isData))
      for (const [reference] of body.matchAll(/\bgoogle_\w+\.\w+/g))
        expect(dataAmong([reference, `${reference}.`]), `${address} needs ${reference}`).not.toEqual([])
  })

  test("the state's bucket has a name that a bucket may have", () => {
    expect(stateBucketOf({ project: 'example.com:my-project', prefix: 'graupel' })).toBe(
      'example-com-my-project-graupel-state',
    )
  })
})
