import type { ObjectStore } from './object-store.ts'

/** The store for requests that a project pays for; `undefined`: those to buckets whose owners pay. */
export type StoreOfPayer = (payer: string | undefined) => ObjectStore

/** Each store is made when it is first needed, and once. */
export function storePerPayer(make: StoreOfPayer): StoreOfPayer {
  const stores = new Map<string | undefined, ObjectStore>()
  return (payer) => {
    const store = stores.get(payer) ?? make(payer)
    stores.set(payer, store)
    return store
  }
}
