import type { Raw } from './raw.ts'
import type { ResourceFile } from './resource-file.ts'
import type { ResourceGroup } from './resource-group.ts'

/**
 * A single value in a command.
 *
 * @example `const items: InterpolationItem[] = [3, 'a b', job.out.counts]`
 */
export type InterpolationItem = ResourceFile | ResourceGroup | Raw | string | number | bigint | boolean

/**
 * What may stand in a tagged command: a value, or an array of values, which are written with spaces between.
 *
 * @example `const files: Interpolation = [first.out.text, second.out.text]`
 */
export type Interpolation = InterpolationItem | readonly InterpolationItem[]
