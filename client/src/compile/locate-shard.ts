/** A shard of an earlier submission. */
export interface EarlierShard {
  readonly shard: number
  /** The number of its first job. */
  readonly firstJob: number
}

/**
 * Finds the shard of a job by its number.
 * @param shards ascending by `firstJob`; each reaches to the next one's first job
 */
export function shardLocator(shards: readonly EarlierShard[]): (job: number) => EarlierShard {
  return (job) => {
    let low = 0
    let high = shards.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = shards[middle]
      if (candidate !== undefined && candidate.firstJob <= job) low = middle + 1
      else high = middle
    }
    const found = shards[low - 1]
    if (found === undefined) throw new RangeError(`job ${job} is in none of ${shards.length} shards`)
    return found
  }
}
