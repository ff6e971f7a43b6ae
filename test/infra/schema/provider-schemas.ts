import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** As Terraform writes types in JSON. */
const typeSchema = z.union([
  z.enum(['string', 'number', 'bool']),
  z.tuple([z.enum(['list', 'set', 'map']), z.enum(['string', 'number', 'bool'])]),
])

const attributeSchema = z.object({
  type: typeSchema,
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  computed: z.boolean().optional(),
})
export type AttributeSchema = z.infer<typeof attributeSchema>

const nestedBlockSchema = z.object({
  nesting: z.enum(['single', 'list', 'set']),
  min: z.number().optional(),
  max: z.number().optional(),
  get block() {
    return blockSchema
  },
})

const blockSchema = z.object({
  attributes: z.record(z.string(), attributeSchema),
  blocks: z.record(z.string(), nestedBlockSchema),
})
export type BlockSchema = z.infer<typeof blockSchema>

const providerSchemasSchema = z.object({
  /** Which provider in which version says so, and where it was read. */
  sources: z.array(z.string()),
  resources: z.record(z.string(), blockSchema),
  dataSources: z.record(z.string(), blockSchema),
})
export type ProviderSchemas = z.infer<typeof providerSchemasSchema>

/** What the providers take, of the types that `infra/` uses. Made by `extract-schema.ts`. */
export const readProviderSchemas = (): ProviderSchemas =>
  providerSchemasSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'provider-schemas.json'), 'utf8')))
