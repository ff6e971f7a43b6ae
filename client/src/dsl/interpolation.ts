import type { Raw } from './raw.ts'
import type { ResourceFile } from './resource-file.ts'
import type { ResourceGroup } from './resource-group.ts'

/** A single value in a command. */
export type InterpolationItem = ResourceFile | ResourceGroup | Raw | string | number | bigint | boolean

/** What may stand in a tagged command: a value, or an array of values, which are written with spaces between. */
export type Interpolation = InterpolationItem | readonly InterpolationItem[]
