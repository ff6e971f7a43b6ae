import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@cdktn/hcl2json'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { moduleFolder } from './module-files.ts'

const textOf = (name: string) => readFileSync(join(moduleFolder, name), 'utf8')
const readme = textOf('README.md')

const variableSchema = z.object({ type: z.string(), description: z.string(), default: z.unknown().optional() })
const variablesSchema = z.object({ variable: z.record(z.string(), z.tuple([variableSchema])) })
const outputsSchema = z.object({ output: z.record(z.string(), z.tuple([z.object({ description: z.string() })])) })

test('the table of variables names each with its default, in the order of the file', async () => {
  const text = textOf('variables.tf')
  const { variable } = variablesSchema.parse(await parse('variables.tf', text))
  const names = [...text.matchAll(/^variable "(\w+)"/gm)].map(([, name = '']) => name)
  expect(names).toEqual(Object.keys(variable).sort())
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (?:`([^`]*)`)? ?\| \S/gm)].map(([, name, value]) => [name, value])
  const defaultOf = (name: string) => {
    const [declared] = variable[name] ?? []
    return declared !== undefined && 'default' in declared ? JSON.stringify(declared.default) : undefined
  }
  expect(rows).toEqual(names.map((name) => [name, defaultOf(name)]))
})

test('every output says what it is', async () => {
  expect(outputsSchema.safeParse(await parse('outputs.tf', textOf('outputs.tf'))).error).toBeUndefined()
})

test('every file of the module is in the table of what it makes', () => {
  const linked = [...readme.matchAll(/\]\(([\w-]+\.tf)\)/g)].map(([, name = '']) => name)
  expect(linked.sort()).toEqual(
    readdirSync(moduleFolder)
      .filter((name) => name.endsWith('.tf'))
      .sort(),
  )
})
