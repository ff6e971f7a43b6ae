/** New jobs depend on one shard of an earlier submission in more ways than can be written down beside it. */
export class EarlierEdgesTooLarge extends Error {
  override readonly name = 'EarlierEdgesTooLarge'
  readonly shard: number
  readonly sizeBytes: number
  readonly limitBytes: number

  constructor(shard: number, sizeBytes: number, limitBytes: number) {
    super(
      `The new jobs depend on jobs of an earlier run (its shard ${shard}) in so many ways that the list takes ` +
        `${sizeBytes} bytes, more than ${limitBytes}. Let a few jobs without a command depend on the earlier ones, ` +
        'and the new jobs on those.',
    )
    this.shard = shard
    this.sizeBytes = sizeBytes
    this.limitBytes = limitBytes
  }
}
