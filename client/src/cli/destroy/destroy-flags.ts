/** What `graupel destroy` is given, as commander hands it over. */
export interface DestroyFlags {
  readonly project?: string
  readonly prefix?: string
  readonly deleteData: boolean
  readonly force: boolean
  readonly localState: boolean
  readonly yes: boolean
  readonly json?: boolean
}
