import { dirname, join } from 'node:path'

/** Where a runner tells why it failed. */
export const endFileOf = (request: string): string => join(dirname(request), 'end.json')
