/** How far an object may still be changed; an object that may be changed freely has none of these. */
export type Integrity = 'frozen' | 'sealed' | 'fixed'

export function integrityOf(value: object): Integrity | undefined {
  if (Object.isExtensible(value)) return undefined
  if (Object.isFrozen(value)) return 'frozen'
  return Object.isSealed(value) ? 'sealed' : 'fixed'
}

export function applyIntegrity(value: object, integrity: Integrity): void {
  switch (integrity) {
    case 'frozen':
      Object.freeze(value)
      return
    case 'sealed':
      Object.seal(value)
      return
    case 'fixed':
      Object.preventExtensions(value)
      return
    default:
      throw new Error(`unknown integrity '${integrity satisfies never}'`)
  }
}
