/** Words about a batch or job, for people and queries. `name` has its own option. */
export type Attributes = { readonly [name: string]: string } & { readonly name?: never }
