import type { FunctionSite, Import } from './function-site.ts'

/** A site with the decision which of its variables are copied values and which are imported anew. */
export interface FunctionForm {
  readonly site: FunctionSite
  /** Names of the variables that get a copied value, in order. */
  readonly copied: readonly string[]
  readonly imports: ReadonlyMap<string, Import>
  /** The function calls `require` with fixed names. */
  readonly requires: boolean
  /** The class names its parent by a value. */
  readonly hasParent: boolean
}

/** The same site with the same decision is the same form, so that codes can be compared by their forms. */
export class FunctionForms {
  readonly #known = new Map<FunctionSite, Map<string, FunctionForm>>()

  intern(form: FunctionForm): FunctionForm {
    const forms = this.#known.get(form.site) ?? new Map<string, FunctionForm>()
    this.#known.set(form.site, forms)
    const key = JSON.stringify([form.copied, [...form.imports.keys()], form.requires])
    const known = forms.get(key) ?? form
    forms.set(key, known)
    return known
  }
}
