import type { Clock } from '../clock.ts'
import { diskUsageOf, isAlmostFull } from './disk-usage.ts'
import type { OverrunEnd } from './overrun.ts'
import { RepeatedLook } from './repeated-look.ts'

export interface WatchedFiles {
  /** What the commands make, below the watch's own folder. */
  readonly folder: string
  /** The job's storage; 0: what the disk has. */
  readonly limitBytes: number
  /** Bytes that the commands have written to other places. */
  readonly elsewhere?: (() => Promise<number>) | undefined
  readonly onOver: (end: OverrunEnd) => void
}

const pauseMs = 250
/** What a job that was ended leaves takes a while to go. */
const restMs = 10_000

/**
 * Ends jobs whose files take more than their storage; and when the disk is almost full, the job that takes the most, so
 * that the others and the agent go on. Quotas of the file system would be exact, but few have them switched on.
 */
export class DiskWatch {
  readonly #folder: string
  readonly #clock: Clock
  readonly #look: RepeatedLook<WatchedFiles>
  #restsUntil = 0

  constructor(folder: string, clock: Clock) {
    this.#folder = folder
    this.#clock = clock
    this.#look = new RepeatedLook({ clock, pauseMs, look: (watched) => this.#lookAt(watched) })
  }

  /** @returns ends it */
  add(watched: WatchedFiles): () => void {
    return this.#look.add(watched)
  }

  async #lookAt(watched: readonly WatchedFiles[]): Promise<void> {
    const mustShrink = this.#clock.now() >= this.#restsUntil && (await isAlmostFull(this.#folder))
    const looked = mustShrink ? watched : watched.filter(({ limitBytes }) => limitBytes > 0)
    const sized: { files: WatchedFiles; usedBytes: number }[] = []
    for (const files of looked) sized.push({ files, usedBytes: await usageOf(files) })
    const over = sized.filter(({ files, usedBytes }) => files.limitBytes > 0 && usedBytes > files.limitBytes)
    for (const { files, usedBytes } of over) files.onOver({ kind: 'outOfDisk', usedBytes, isDiskFull: false })
    if (!mustShrink || over.length > 0) return
    const largest = sized.sort((left, right) => right.usedBytes - left.usedBytes)[0]
    if (largest === undefined) return
    this.#restsUntil = this.#clock.now() + restMs
    largest.files.onOver({ kind: 'outOfDisk', usedBytes: largest.usedBytes, isDiskFull: true })
  }
}

const usageOf = async ({ folder, elsewhere }: WatchedFiles): Promise<number> =>
  (await diskUsageOf(folder)) + ((await elsewhere?.()) ?? 0)
