import type { Script } from './scripts.ts'

/** A stretch of generated code: copied from a script of the program, or added. */
export type CodePiece = string | { readonly script: Script; readonly start: number; readonly end: number }
