import type { ParsedScript } from './parsed-script.ts'
import { Refusal } from './refusal.ts'
import { type ClassNode, childrenOf, type NodeOf, type SyntaxNode, startOf } from './syntax.ts'

/** What of a class is taken along as text: its methods and fields of instances. What static members hold is copied. */
export interface ClassShape {
  readonly methods: readonly DeclaredMethod[]
  /** Fields and blocks that ran when the class was made, and must not run again. */
  readonly leftOut: readonly SyntaxNode[]
  readonly privateStatics: readonly string[]
  /** Instances have private members, so they cannot be copied. */
  readonly privates: readonly string[]
}

export interface DeclaredMethod {
  readonly key: string | symbol
  readonly isStatic: boolean
  /** As `toString` of the method says. */
  readonly text: string
}

export function classShape(script: ParsedScript, node: ClassNode): ClassShape {
  const members = childrenOf(node.body)
  const statics = members.filter((member) => 'static' in member && member.static)
  const fields = statics.filter((member) => member.type === 'PropertyDefinition')
  for (const member of members) if (isComputedField(member)) keyValue(script, member)
  return {
    methods: members.flatMap((member) => (isPublicMethod(member) ? [declared(script, member)] : [])),
    leftOut: [
      ...fields.flatMap((field) => (isPrivate(field) ? childrenOf(field).slice(1) : [field])),
      ...members.filter(({ type }) => type === 'StaticBlock'),
    ],
    privateStatics: fields.filter(isPrivate).map((field) => script.textOf(keyOf(field))),
    privates: members
      .filter((member) => isPrivate(member) && !statics.includes(member))
      .map((member) => script.textOf(keyOf(member))),
  }
}

const isPublicMethod = (member: SyntaxNode): member is NodeOf<'MethodDefinition'> =>
  member.type === 'MethodDefinition' && member.kind !== 'constructor' && !isPrivate(member)

const isComputedField = (member: SyntaxNode): member is NodeOf<'PropertyDefinition'> =>
  member.type === 'PropertyDefinition' && member.computed && !member.static

const isPrivate = (member: SyntaxNode): boolean => 'key' in member && keyOf(member).type === 'PrivateIdentifier'

function keyOf(member: SyntaxNode): SyntaxNode {
  if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') {
    throw new Error(`a ${member.type} has no key`)
  }
  return member.key
}

function declared(script: ParsedScript, member: NodeOf<'MethodDefinition'>): DeclaredMethod {
  const text = script.textOf(member)
  return {
    key: keyValue(script, member),
    isStatic: member.static,
    text: member.static ? text.replace(/^static(?:\s|\/\*[\s\S]*?\*\/)*/, '') : text,
  }
}

/** The key under which a member is found; a computed one must be known without computing it again. */
function keyValue(script: ParsedScript, member: NodeOf<'MethodDefinition' | 'PropertyDefinition'>): string | symbol {
  const key: SyntaxNode = member.key
  if (!member.computed && key.type === 'Identifier') return key.name
  if (key.type === 'Literal') return String(key.value)
  if (key.type === 'MemberExpression' && /^Symbol\.\w+$/.test(script.textOf(key))) {
    const symbol: unknown = Reflect.get(Symbol, script.textOf(key).slice('Symbol.'.length))
    if (typeof symbol === 'symbol') return symbol
  }
  throw new Refusal({
    variable: `[${script.textOf(key)}]`,
    problem: `is a name of a member that is computed (line ${script.positionAt(startOf(key)).line + 1})`,
    remedy: 'give it a fixed name',
  })
}
