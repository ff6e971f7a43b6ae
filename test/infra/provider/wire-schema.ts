import type { BlockSchema, ProviderSchemas } from '../schema/provider-schemas.ts'

/** Arguments of these names never reach the state. The bindings do not tell, the providers' own names do. */
const writeOnly = /_wo$/

/** What the provider blocks of the module set. */
const providerBlock: BlockSchema = {
  attributes: {
    billing_project: { type: 'string', optional: true },
    default_labels: { type: ['map', 'string'], optional: true },
    project: { type: 'string', optional: true },
    region: { type: 'string', optional: true },
    user_project_override: { type: 'bool', optional: true },
  },
  blocks: {},
}

interface WireBlock {
  readonly attributes: readonly object[]
  readonly blockTypes: readonly object[]
}

const toWireBlock = ({ attributes, blocks }: BlockSchema): WireBlock => ({
  attributes: Object.entries(attributes).map(([name, { type, ...flags }]) => ({
    name,
    type: Buffer.from(JSON.stringify(type)),
    ...flags,
    writeOnly: writeOnly.test(name),
  })),
  blockTypes: Object.entries(blocks).map(([typeName, { nesting, min = 0, max = 0, block }]) => ({
    typeName,
    nesting: nesting.toUpperCase(),
    minItems: min,
    maxItems: max,
    block: toWireBlock(block),
  })),
})

const toWireSchema = (block: BlockSchema) => ({ version: 0, block: toWireBlock(block) })

const eachToWire = (blocks: Readonly<Record<string, BlockSchema>>) =>
  Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, toWireSchema(block)]))

/** The answer to GetProviderSchema. Every provider has the types of all: Terraform looks up those of its name. */
export const toWireSchemas = ({ resources, dataSources }: ProviderSchemas) => ({
  provider: toWireSchema(providerBlock),
  resourceSchemas: eachToWire(resources),
  dataSourceSchemas: eachToWire(dataSources),
})
