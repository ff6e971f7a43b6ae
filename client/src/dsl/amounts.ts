/**
 * Cores: a number, or text such as `'0.5'` or `'250m'`. More than 0, at most 416.
 *
 * @example `const half: Cpu = '500m'`
 */
export type Cpu = number | string

/**
 * Bytes, or text such as `'7.5Gi'` or `'10G'`, or a word for 1, 3.75 or 7 GiB per core. At most 12 TiB.
 *
 * @example `const much: Memory = 'highmem'`
 */
export type Memory = number | 'lowmem' | 'standard' | 'highmem' | (string & {})

/**
 * Bytes, or text such as `'10Gi'` or `'500M'`. At most 64 TiB.
 *
 * @example `const disk: Storage = '10Gi'`
 */
export type Storage = number | string

/**
 * Seconds, at most 86,400; or a number with its unit: `'90s'`, `'1.5h'`, `'2d'`.
 *
 * @example `const limit: Duration = '1.5h'`
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`
