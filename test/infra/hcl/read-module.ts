import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@cdktn/hcl2json'
import { z } from 'zod'
import { moduleFolder } from '../module-files.ts'

const bodySchema = z.record(z.string(), z.unknown())
/** Blocks by type and name, each in a list of its own. */
const blocksSchema = z.record(z.string(), z.record(z.string(), z.array(bodySchema).length(1)))
const fileSchema = z.looseObject({ resource: blocksSchema.optional(), data: blocksSchema.optional() })

export type Body = z.infer<typeof bodySchema>

export interface Block {
  readonly kind: 'resource' | 'data'
  readonly type: string
  /** `google_pubsub_topic.lanes in lanes.tf` */
  readonly place: string
  readonly body: Body
}

/** Resources and data sources as they are written: expressions are text in `${…}`. */
export async function readModule(): Promise<Block[]> {
  const names = readdirSync(moduleFolder).filter((name) => name.endsWith('.tf'))
  const files = await Promise.all(names.map((name) => readFile(name, readFileSync(join(moduleFolder, name), 'utf8'))))
  return files.flat()
}

export async function readFile(name: string, text: string): Promise<Block[]> {
  const { resource = {}, data = {} } = fileSchema.parse(await parse(name, text))
  const blocksOf = (kind: Block['kind'], byType: z.infer<typeof blocksSchema>): Block[] =>
    Object.entries(byType).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([label, bodies]) =>
        bodies.map((body) => ({ kind, type, place: `${type}.${label} in ${name}`, body })),
      ),
    )
  return [...blocksOf('resource', resource), ...blocksOf('data', data)]
}
