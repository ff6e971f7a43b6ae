import { z } from 'zod'
import type { BlockSchema, ProviderSchemas } from '../schema/provider-schemas.ts'
import type { Block, Body } from './read-module.ts'

/** Arguments that Terraform itself takes in every resource. */
const metaArguments = ['count', 'depends_on', 'for_each', 'lifecycle', 'provider', 'provisioner']

const nestedSchema = z.array(z.record(z.string(), z.unknown()))
const dynamicSchema = z.record(z.string(), z.array(z.looseObject({ content: nestedSchema })))

/** What a block says that the provider does not take, or leaves out that it must have; a sentence each. */
export function problemsOf({ kind, type, place, body }: Block, schemas: ProviderSchemas): string[] {
  const schema = (kind === 'data' ? schemas.dataSources : schemas.resources)[type]
  if (schema === undefined) return [`${place}: the fixture of schemas has no ${type}; make it anew`]
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => !metaArguments.includes(name)))
  return problemsIn(own, schema).map((problem) => `${place}: ${problem}`)
}

function problemsIn(body: Body, schema: BlockSchema): string[] {
  const { dynamic, ...written } = body
  const nested = { ...blocksIn(written, schema), ...dynamicBlocksOf(dynamic) }
  const plain = Object.keys(written).filter((name) => !(name in nested))
  return [
    ...plain.filter((name) => !isSettable(schema, name)).map((name) => `no argument ${name}`),
    ...Object.entries(schema.attributes)
      .filter(([name, { required }]) => required === true && !plain.includes(name))
      .map(([name]) => `the argument ${name} is missing`),
    ...Object.entries(schema.blocks)
      .filter(([name, { min = 0 }]) => min > 0 && !(name in nested))
      .map(([name]) => `the block ${name} is missing`),
    ...Object.entries(nested).flatMap(([name, bodies]) => problemsOfNested(name, bodies, schema)),
  ]
}

function isSettable({ attributes }: BlockSchema, name: string): boolean {
  const attribute = attributes[name]
  return attribute !== undefined && (attribute.required === true || attribute.optional === true)
}

function problemsOfNested(name: string, bodies: readonly Body[], { blocks }: BlockSchema): string[] {
  const schema = blocks[name]
  if (schema === undefined) return [`no block ${name}`]
  const tooMany = bodies.length > (schema.max ?? bodies.length) ? [`more than ${schema.max} blocks ${name}`] : []
  return [...tooMany, ...bodies.flatMap((body) => problemsIn(body, schema.block).map((one) => `${name}: ${one}`))]
}

/** A list of maps is a block, unless the provider has an argument of that name. */
function blocksIn(body: Body, { attributes }: BlockSchema): Record<string, Body[]> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const bodies = nestedSchema.min(1).safeParse(value)
      return bodies.success && !(name in attributes) ? [[name, bodies.data]] : []
    }),
  )
}

const dynamicBlocksOf = (dynamic: unknown): Record<string, Body[]> =>
  Object.fromEntries(
    Object.entries(dynamicSchema.parse(dynamic ?? {})).map(([name, blocks]) => [
      name,
      blocks.flatMap(({ content }) => content),
    ]),
  )
