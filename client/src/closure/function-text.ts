import { createHash } from 'node:crypto'
import { isBuiltin } from 'node:module'
import type { CodePiece } from './code-piece.ts'
import type { FunctionForm } from './function-form.ts'
import { type FunctionSite, folderOf, type Import } from './function-site.ts'
import { Refusal } from './refusal.ts'
import { resolveImport } from './resolve-import.ts'
import { endOf, isClass, type NodeOf, type SyntaxNode, startOf } from './syntax.ts'

/** The names of generated code; a function that has such a name itself is refused. */
const prefix = '$graupel_'
const names = {
  link: `${prefix}link`,
  values: `${prefix}values`,
  parent: `${prefix}parent`,
  privates: `${prefix}privates`,
}

/** The name by which code refers to something imported. */
export function importName({ specifier, imported, folder }: Import): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([specifier, imported, folder]))
    .digest('hex')
  return `${prefix}${hash.slice(0, 12)}`
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * An expression that makes the function: a function of `link`, which takes what sets the variables, and of the parent
 * class.
 */
export function functionPieces(form: FunctionForm): CodePiece[] {
  const { site, copied } = form
  if (site.parsed.textOf(site.node).includes(prefix)) {
    throw new Refusal({
      variable: prefix,
      problem: 'is a name that graupel needs for itself',
      remedy: 'choose another',
    })
  }
  const privates = site.shape?.privateStatics ?? []
  const setters = [
    copied.length === 0 ? 'undefined' : `(${names.values}) => { [${copied.join(', ')}] = ${names.values} }`,
    ...(privates.length === 0 ? [] : [`(${names.values}) => ${names.privates}(${names.values})`]),
  ]
  const variables = [...copied, ...(privates.length === 0 ? [] : [names.privates])]
  return [
    `(${names.link}, ${names.parent}) => {\n`,
    variables.length === 0 ? '' : `let ${variables.join(', ')}\n`,
    `${names.link}(${setters.join(', ')})\n`,
    'return (',
    ...expressionPieces(form),
    ')\n}',
  ]
}

function expressionPieces(form: FunctionForm): CodePiece[] {
  const { site } = form
  const copy = copyWithEdits(site, editsOf(form))
  if (!isMethod(site)) return copy
  // The text of a method begins at its parameters.
  return [`{ ${methodPrefix(site.node)}method`, ...copy, ' }.method']
}

function isMethod(site: FunctionSite): boolean {
  if (site.node.type !== 'FunctionExpression') return false
  const owner = site.parsed.parentOf(site.node)
  if (owner?.type === 'MethodDefinition') return true
  return owner?.type === 'Property' && (owner.method || owner.kind !== 'init')
}

const methodPrefix = (node: SyntaxNode): string =>
  `${'async' in node && node.async ? 'async ' : ''}${'generator' in node && node.generator ? '*' : ''}`

function copyWithEdits(site: FunctionSite, edits: readonly Edit[]): CodePiece[] {
  const pieces: CodePiece[] = []
  let start = startOf(site.node)
  for (const edit of [...edits].sort((left, right) => left.start - right.start)) {
    pieces.push({ script: site.script, start, end: edit.start }, edit.text)
    start = edit.end
  }
  return [...pieces, { script: site.script, start, end: endOf(site.node) }]
}

function editsOf(form: FunctionForm): Edit[] {
  const { site } = form
  return [...importEdits(form), ...classEdits(site), ...site.fixedImports.map((fixed) => fixedImportEdit(site, fixed))]
}

function importEdits({ site, imports }: FunctionForm): Edit[] {
  return site.variables.flatMap(({ name, identifiers }) => {
    const request = imports.get(name)
    if (request === undefined) return []
    return identifiers.map((identifier) => {
      const parent = site.parsed.parentOf(identifier)
      const isShorthand = parent?.type === 'Property' && parent.shorthand
      const text = `${isShorthand ? `${name}: ` : ''}${importName(request)}`
      return { start: startOf(identifier), end: endOf(identifier), text }
    })
  })
}

/** What the function imports while it runs is found from the folder of its own module. */
function fixedImportEdit(site: FunctionSite, literal: NodeOf<'Literal'>): Edit {
  const specifier = String(literal.value)
  const kind = site.parsed.parentOf(literal)?.type === 'CallExpression' ? 'require' : 'import'
  const text = JSON.stringify(isBuiltin(specifier) ? specifier : resolveImport(specifier, folderOf(site.script), kind))
  return { start: startOf(literal), end: endOf(literal), text }
}

function classEdits(site: FunctionSite): Edit[] {
  const { node, shape } = site
  if (shape === undefined || !isClass(node)) return []
  return [
    ...parentEdit(site, node.superClass),
    ...shape.leftOut.map((left) => leaveOut(site, left)),
    ...privatesEdit(shape.privateStatics, node.body),
  ]
}

const parentEdit = ({ heritage }: FunctionSite, parent: SyntaxNode | null | undefined): Edit[] =>
  heritage === 'value' && parent != null ? [{ start: startOf(parent), end: endOf(parent), text: names.parent }] : []

/** Of a private field, only the value goes: its name must still be declared. The semicolon keeps neighbours apart. */
function leaveOut(site: FunctionSite, left: SyntaxNode): Edit {
  const field = site.parsed.parentOf(left)
  const start = field?.type === 'PropertyDefinition' ? endOf(field.key) : startOf(left)
  return { start, end: endOf(left), text: ';' }
}

function privatesEdit(privates: readonly string[], body: NodeOf<'ClassBody'>): Edit[] {
  if (privates.length === 0) return []
  const targets = privates.map((name) => `this.${name}`).join(', ')
  const text = ` static { ${names.privates} = (${names.values}) => { [${targets}] = ${names.values} } }`
  return [{ start: startOf(body) + 1, end: startOf(body) + 1, text }]
}
