import { performance } from 'node:perf_hooks'
import type { Clock } from '../clock.ts'
import { chooseToEnd, isDue, type Measured } from './disk-plan.ts'
import { type Disk, diskOf, diskUsageOf } from './disk-usage.ts'
import type { OverrunEnd } from './overrun.ts'
import { RepeatedLook } from './repeated-look.ts'

export interface WatchedFiles {
  /** What the commands make, below the watch's own folder. */
  readonly folder: string
  /** The job's storage; 0: what the disk has. */
  readonly limitBytes: number
  readonly elsewhere?: WatchedElsewhere | undefined
  readonly onOver: (end: OverrunEnd) => void
}

/** What the commands have written to other places. */
export interface WatchedElsewhere {
  readonly bytes: () => Promise<number>
  /** A folder of the disk that these are on. Absent: the watch's own. */
  readonly folder?: string | undefined
}

interface Sizes {
  readonly files: WatchedFiles
  readonly folderBytes: number
  readonly elsewhereBytes: number
}

const pauseMs = 250
/** What a job that was ended leaves takes a while to go. */
const restMs = 10_000

/**
 * Ends jobs whose files take more than their storage; and when a disk is almost full, the job that takes the most, if
 * that is much, so that the others and the agent go on. Quotas of the file system would be exact, but few have them
 * switched on.
 */
export class DiskWatch {
  readonly #folder: string
  readonly #clock: Clock
  readonly #look: RepeatedLook<WatchedFiles>
  readonly #measured = new WeakMap<WatchedFiles, Measured>()
  #walking: Promise<void> | undefined
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

  /** Quick: what takes long goes on beside it, so that a disk that fills meanwhile is seen. */
  async #lookAt(watched: readonly WatchedFiles[]): Promise<void> {
    const disks = await this.#disksOf(watched)
    if (this.#walking !== undefined) return
    const full = [...disks.values()].find(({ freeBytes, reserveBytes }) => freeBytes < reserveBytes)
    const freeBytes = [...disks.values()].reduce((sum, disk) => sum + disk.freeBytes, 0)
    const walk =
      full !== undefined && this.#clock.now() >= this.#restsUntil
        ? this.#makeRoom(watched, full, freeBytes)
        : this.#endThoseOver(this.#dueOf(watched, freeBytes), freeBytes)
    this.#walking = walk
      .catch(() => undefined)
      .then(() => {
        this.#walking = undefined
      })
  }

  async #disksOf(watched: readonly WatchedFiles[]): Promise<ReadonlyMap<number, Disk>> {
    const folders = new Set([this.#folder, ...watched.map(({ elsewhere }) => elsewhere?.folder ?? this.#folder)])
    const disks = await Promise.all([...folders].map(diskOf))
    return new Map(disks.flatMap((disk) => (disk === undefined ? [] : [[disk.device, disk]])))
  }

  #dueOf(watched: readonly WatchedFiles[], freeBytes: number): WatchedFiles[] {
    const limited = watched.filter(({ limitBytes }) => limitBytes > 0)
    const roundMs = limited.reduce((sum, files) => sum + (this.#measured.get(files)?.tookMs ?? 0), 0)
    const now = performance.now()
    return limited.filter((files) => isDue(files.limitBytes, this.#measured.get(files), { freeBytes, now, roundMs }))
  }

  /** @returns what each takes, and whether somebody was ended */
  async #endThoseOver(watched: readonly WatchedFiles[], freeBytes: number): Promise<readonly [Sizes[], boolean]> {
    const sizes: Sizes[] = []
    let isAnyOver = false
    for (const files of watched) {
      const size = await this.#measure(files, freeBytes)
      const usedBytes = size.folderBytes + size.elsewhereBytes
      sizes.push(size)
      if (files.limitBytes === 0 || usedBytes <= files.limitBytes) continue
      isAnyOver = true
      files.onOver({ kind: 'outOfDisk', usedBytes, isDiskFull: false })
    }
    return [sizes, isAnyOver]
  }

  async #makeRoom(watched: readonly WatchedFiles[], full: Disk, freeBytes: number): Promise<void> {
    const [sizes, isAnyOver] = await this.#endThoseOver(watched, freeBytes)
    this.#restsUntil = this.#clock.now() + restMs
    if (isAnyOver) return
    const onDisk = await Promise.all(
      sizes.map(async (size) => ({ files: size.files, usedBytes: await this.#bytesOn(full, size) })),
    )
    const chosen = chooseToEnd(onDisk, full)
    chosen?.files.onOver({ kind: 'outOfDisk', usedBytes: chosen.usedBytes, isDiskFull: true })
  }

  async #measure(files: WatchedFiles, freeBytes: number): Promise<Sizes> {
    const begunAt = performance.now()
    const folderBytes = await diskUsageOf(files.folder)
    const elsewhereBytes = (await files.elsewhere?.bytes().catch(() => 0)) ?? 0
    const endedAt = performance.now()
    const usedBytes = folderBytes + elsewhereBytes
    this.#measured.set(files, { usedBytes, freeBytes, endedAt, tookMs: endedAt - begunAt })
    return { files, folderBytes, elsewhereBytes }
  }

  async #bytesOn({ device }: Disk, { files, folderBytes, elsewhereBytes }: Sizes): Promise<number> {
    const isOn = async (folder: string) => (await diskOf(folder))?.device === device
    const ofFolder = (await isOn(this.#folder)) ? folderBytes : 0
    return (await isOn(files.elsewhere?.folder ?? this.#folder)) ? ofFolder + elsewhereBytes : ofFolder
  }
}
