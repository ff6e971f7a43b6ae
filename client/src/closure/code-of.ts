import { isBuiltin } from 'node:module'
import { bundleModule, requireOfNode } from './bundle-module.ts'
import { BundleProblem } from './bundle-problem.ts'
import type { FunctionForm } from './function-form.ts'
import type { Import } from './function-site.ts'
import { importStatement, moduleBody, moduleNeeds } from './module-text.ts'
import { passIt, Refusal } from './refusal.ts'
import { resolveImport } from './resolve-import.ts'

/**
 * The code of functions as one module that needs nothing but Node.
 *
 * @throws Refusal for an import that cannot be bundled
 */
export function codeOf(forms: readonly FunctionForm[], required: readonly string[]): string {
  const { imports, builtIns } = moduleNeeds(forms)
  const statements = (requests: Iterable<[string, Import]>) =>
    [...requests].map(([name, request]) => importStatement(name, request)).join('')
  const isWhole = imports.size === 0 && required.length === 0 && !forms.some(importsWhileRunning)
  if (isWhole) {
    const needsRequire = forms.some(({ requires }) => requires)
    return moduleBody(forms, required, `${statements(builtIns)}${needsRequire ? requireOfNode : ''}`)
  }
  const folder = [...imports.values()][0]?.folder ?? '/'
  try {
    const resolved = [...imports].map(([name, request]): [string, Import] => [name, resolveFor(folder, request)])
    return bundleModule(moduleBody(forms, required, statements([...builtIns, ...resolved])), folder)
  } catch (error) {
    if (error instanceof BundleProblem) throw refuseImport(error, forms)
    throw error
  }
}

const importsWhileRunning = ({ site }: FunctionForm): boolean =>
  site.fixedImports.some(({ value }) => !isBuiltin(String(value)))

function resolveFor(folder: string, request: Import): Import {
  const isFoundThere = request.folder === folder && !/^[./]|^file:/.test(request.specifier)
  return isFoundThere ? request : { ...request, specifier: resolveImport(request.specifier, request.folder, 'import') }
}

/** Names the import that is to blame: the one that cannot be bundled by itself, either. */
function refuseImport(problem: BundleProblem, forms: readonly FunctionForm[]): Refusal {
  const imports = forms.flatMap((form) => [...form.imports])
  const culprit = imports.find(([, request]) => !canBundle(request)) ?? imports[0]
  const [variable, request] = culprit ?? ['import()', undefined]
  const from = request === undefined ? '' : `is imported from '${request.specifier}', which `
  return new Refusal({
    variable,
    problem: `${from}${problem.message}`,
    remedy: `move what the function needs into a module without that, or ${passIt}`,
  })
}

function canBundle(request: Import): boolean {
  try {
    const found = resolveFor(request.folder, request)
    bundleModule(`${importStatement('imported', found)}console.log(imported)\n//# sourceMappingURL=x`, request.folder)
    return true
  } catch {
    return false
  }
}
