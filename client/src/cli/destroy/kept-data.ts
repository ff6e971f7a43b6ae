/** Addresses of the module that are people's data, or cost nothing and come before it. */
const data = /^google_(firestore_(database|field|index)\.|storage_bucket\.batches$|project_service\.)/

/** The data among a deployment's resources. Pure. */
export const dataAmong = (addresses: readonly string[]): string[] => addresses.filter((address) => data.test(address))

/** Arguments that make Terraform delete everything but the data. Pure. */
export const targetsBesidesData = (addresses: readonly string[]): string[] =>
  addresses.filter((address) => !data.test(address)).map((address) => `-target=${address}`)

/** What protects the data, which must be let go before it can be deleted. */
export const protectedTargets = ['-target=google_firestore_database.database', '-target=google_storage_bucket.batches']
