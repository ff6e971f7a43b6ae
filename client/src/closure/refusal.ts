/** Something cannot be taken along. Caught where it is known whose function it is, and told to the user there. */
export class Refusal extends Error {
  /** The variable, or what stands for one: `this`, `eval`. */
  readonly variable: string
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string
  /** What the user can do, as an imperative. */
  readonly remedy: string

  constructor(refused: { readonly variable: string; readonly problem: string; readonly remedy: string }) {
    super(`\`${refused.variable}\` ${refused.problem}; ${refused.remedy}`)
    this.variable = refused.variable
    this.problem = refused.problem
    this.remedy = refused.remedy
  }
}

export const passIt = 'pass it as an argument'
export const makeIt = 'make it inside the function, or pass what it is made from as an argument'
export const copyIt = 'copy it into a const, or pass it as an argument'
