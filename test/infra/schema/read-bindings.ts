import { z } from 'zod'
import type { AttributeSchema, BlockSchema } from './provider-schemas.ts'

interface Member {
  readonly computed: boolean
  readonly optional: boolean
  readonly required: boolean
  /** What follows the comment. */
  readonly code: string
}

/** The bindings tell every attribute and block in a comment of the class that has it. */
const memberPattern =
  /\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n([\s\S]*?)(?=\n +\/\/ \w+ - computed:|\n}\n|$)/g

function membersOf(source: string, className: string): [string, Member][] {
  const from = source.indexOf(`\nexport class ${className} extends `)
  if (from === -1) throw new Error(`there is no class ${className}`)
  const next = source.indexOf('\nexport class ', from + 1)
  const text = source.slice(from, next === -1 ? undefined : next)
  return [...text.matchAll(memberPattern)].map(([, name = '', computed, optional, required, code = '']) => [
    name,
    { computed: computed === 'true', optional: optional === 'true', required: required === 'true', code },
  ])
}

/** The getters of the bindings, and the type that each reads. */
const getters: readonly (readonly [RegExp, AttributeSchema['type']])[] = [
  [/Fn\.tolist\(this\.getListAttribute/, ['set', 'string']],
  [/Fn\.tolist\(this\.getNumberListAttribute|asNumberList\(cdktf\.Fn\.tolist/, ['set', 'number']],
  [/getStringAttribute/, 'string'],
  [/getNumberAttribute/, 'number'],
  [/getBooleanAttribute/, 'bool'],
  [/getListAttribute/, ['list', 'string']],
  [/getNumberListAttribute/, ['list', 'number']],
  [/getStringMapAttribute|cdktf\.StringMap\b/, ['map', 'string']],
  [/getBooleanMapAttribute|cdktf\.BooleanMap\b/, ['map', 'bool']],
  [/getNumberMapAttribute|cdktf\.NumberMap\b/, ['map', 'number']],
  // Lists of objects that the provider computes: nobody here sets or reads them.
  [/new \w+(List|Map|OutputReference)\(/, ['list', 'string']],
]

function attributeOf(name: string, { code, ...flags }: Member): AttributeSchema {
  const [, type] = getters.find(([pattern]) => pattern.test(code)) ?? []
  if (type === undefined) throw new Error(`the type of ${name} cannot be told from: ${code}`)
  const holding = Object.fromEntries(Object.entries(flags).filter(([, holds]) => holds))
  return { type, ...holding }
}

/** A nested block is read through a class of its own: a list of them, or the only one. */
function nestedClassOf({ code }: Member) {
  const [, className = '', isList, rest = ''] =
    /new (\w+?)(?:(List)|OutputReference)\(this, "\w+"([^)]*)\)/.exec(code) ?? []
  if (className === '') return undefined
  return { className: `${className}OutputReference`, isOnlyOne: isList === undefined, isSet: rest.includes('true') }
}

const sourceMapSchema = z.object({ sourcesContent: z.tuple([z.string()]) })

/** The TypeScript that the package was compiled from: what it was compiled to has lost the comments. */
export function sourceOf(compiled: string): string {
  const [, encoded = ''] = /sourceMappingURL=data:application\/json;[^,]*base64,(\S+)/.exec(compiled) ?? []
  return sourceMapSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString())).sourcesContent[0]
}

/** The schema of a resource, a data source or a block, from the class that stands for it. */
export function readClass(source: string, className: string): BlockSchema {
  const attributes: BlockSchema['attributes'] = {}
  const blocks: BlockSchema['blocks'] = {}
  for (const [name, member] of membersOf(source, className)) {
    const nested = nestedClassOf(member)
    if (nested === undefined || member.computed) {
      attributes[name] = attributeOf(name, member)
      continue
    }
    const nesting = name === 'timeouts' ? 'single' : nested.isSet ? 'set' : 'list'
    blocks[name] = {
      nesting,
      ...(member.required && { min: 1 }),
      ...(nested.isOnlyOne && nesting !== 'single' && { max: 1 }),
      block: readClass(source, nested.className),
    }
  }
  return { attributes, blocks }
}
