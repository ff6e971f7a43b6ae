import type { FunctionResult } from './function-result.ts'
import type { Resource } from './resource.ts'
import type { ResourceFile } from './resource-file.ts'
import type { ResourceGroup } from './resource-group.ts'

/** Values that are what they are: nothing in them is looked at. */
type Opaque =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | ((...args: never) => unknown)
  | Date
  | RegExp
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ArrayBufferView
  | ArrayBufferLike
  | Error
  | URL

/** How much deeper types are followed: recursive ones have no end. */
type Deeper = [never, 0, 1, 2, 3, 4]

/**
 * What may be passed where a function takes a `T`: at any depth of arrays, tuples and plain objects also the result of
 * another call, a file where it takes any text (it gets the path), a group where it takes an object of texts.
 *
 * @example `const where: Arg<{ path: string }> = { path: batch.readInput('words.txt') }`
 */
export type Arg<T, Depth extends number = 5> = unknown extends T
  ? unknown
  : T extends Resource
    ? never
    :
        | T
        | FunctionResult<T>
        | (string extends T ? ResourceFile : never)
        | ([Depth] extends [0] ? never : DeepArg<T, Deeper[Depth]>)

type DeepArg<T, Depth extends number> = T extends Opaque
  ? never
  : T extends readonly unknown[]
    ? { [I in keyof T]: Arg<T[I], Depth> }
    : T extends object
      ? { [K in keyof T]: Arg<T[K], Depth> } | GroupArg<T>
      : never

type GroupArg<T> =
  Record<keyof T & string, string> extends Required<T>
    ? string extends keyof T
      ? ResourceGroup
      : ResourceGroup & { readonly [K in keyof T]: ResourceFile }
    : never

/**
 * The arguments of a call, by the function's own parameters.
 *
 * @example `const args: Args<[path: string, min: number]> = [batch.readInput('words.txt'), 3]`
 */
export type Args<A extends readonly unknown[]> = { [I in keyof A]: Arg<A[I]> }
