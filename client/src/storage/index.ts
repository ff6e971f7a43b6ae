export { CachingObjectStore } from './caching-object-store.ts'
export { combineCrc32c, type SummedPart } from './combine-crc32c.ts'
export { Crc32c, crc32cOf } from './crc32c.ts'
export { DownloadCache, type DownloadCacheOptions } from './download-cache.ts'
export { FileObjectStore, type FileObjectStoreOptions } from './file-object-store.ts'
export { atOnce, type FileSteps, patiently } from './file-steps.ts'
export { GcsObjectStore, type GcsObjectStoreOptions } from './gcs-object-store.ts'
export { MemoryObjectStore, type MemoryObjectStoreOptions } from './memory-object-store.ts'
export * from './object-store.ts'
export {
  type CloudName,
  cloudNameOf,
  cloudObjectOf,
  filePathOf,
  fileUriOf,
  ObjectNameError,
  problemOfObjectName,
  schemeOf,
} from './object-uri.ts'
export { routeByScheme, SchemeObjectStore, type SchemeStores } from './scheme-object-store.ts'
export { FileSharer, type ShareKind } from './share-file.ts'
export { SortedNames } from './sorted-names.ts'
export { type StoreOfPayer, storePerPayer } from './store-per-payer.ts'
export { compareUtf8 } from './utf8-order.ts'
