import { elementAt } from './element-at.ts'
import { childBytes, inPortBytes } from './json-bounds.ts'

/** The parents of one job that are in one other shard: `targets[from]` … `targets[to − 1]` of the parent lists. */
export interface ParentGroup {
  readonly source: number
  readonly sourceFirstJob: number
  readonly from: number
  readonly to: number
}

/** A port in the making: one distinct set of parents, and the children that wait for it, ascending. */
export interface DraftPort {
  readonly from: number
  readonly to: number
  readonly children: number[]
}

/** All ports that one other shard feeds. */
export interface DraftSource {
  readonly shard: number
  readonly firstJob: number
  /** Ports with a single parent. */
  readonly singles: DraftPort[]
  readonly sets: DraftPort[]
  /** As yet each of `singles` has one child, and their parents ascend as their children do: one entry tells them all. */
  isRun: boolean
}

/** So many parents of a set are paid for when it is made, in case it is split into single parents later. */
const paidParents = 4

/** By how much a new port with several parents makes the chunk's JSON longer at most. */
export const setBytes = (set: { from: number; to: number }): number =>
  inPortBytes + childBytes * Math.min(set.to - set.from, paidParents)

const isSingle = (group: { from: number; to: number }): boolean => group.to - group.from === 1

/** The in-ports of one shard while jobs are added to it. */
export class PortTable {
  readonly sources = new Map<number, DraftSource>()
  readonly #targets: Uint32Array
  readonly #singles = new Map<number, DraftPort>()
  readonly #sets = new Map<number, DraftPort[]>()

  constructor(targets: Uint32Array) {
    this.#targets = targets
  }

  /** The port that has exactly these parents. */
  find(group: ParentGroup): DraftPort | undefined {
    if (isSingle(group)) return this.#singles.get(elementAt(this.#targets, group.from))
    return this.#sets.get(this.#hash(group))?.find((port) => this.#areEqual(port, group))
  }

  /** By how much the chunk's JSON grows at most when a child waits for `group` at `port`, a new one if undefined. */
  measure(group: ParentGroup, port: DraftPort | undefined): number {
    if (!isSingle(group)) return port === undefined ? setBytes(group) : childBytes
    const source = this.sources.get(group.source)
    if (source === undefined || source.singles.length === 0) return childBytes + inPortBytes
    if (port !== undefined) return childBytes + (source.isRun ? inPortBytes * (source.singles.length - 1) : 0)
    if (!source.isRun) return childBytes + inPortBytes
    return childBytes + (this.#extendsRun(source, group) ? 0 : inPortBytes * source.singles.length)
  }

  add(group: ParentGroup, port: DraftPort | undefined, child: number): void {
    const source = this.#sourceOf(group)
    if (port !== undefined) {
      port.children.push(child)
      if (isSingle(group)) source.isRun = false
      return
    }
    const created = { from: group.from, to: group.to, children: [child] }
    if (isSingle(group)) this.#addSingle(source, group, created)
    else this.#addSet(source, group, created)
  }

  #addSingle(source: DraftSource, group: ParentGroup, port: DraftPort): void {
    source.isRun &&= this.#extendsRun(source, group)
    source.singles.push(port)
    this.#singles.set(elementAt(this.#targets, group.from), port)
  }

  #addSet(source: DraftSource, group: ParentGroup, port: DraftPort): void {
    source.sets.push(port)
    const hash = this.#hash(group)
    const alike = this.#sets.get(hash)
    if (alike === undefined) this.#sets.set(hash, [port])
    else alike.push(port)
  }

  #extendsRun(source: DraftSource, group: ParentGroup): boolean {
    const last = source.singles.at(-1)
    return last === undefined || elementAt(this.#targets, last.from) < elementAt(this.#targets, group.from)
  }

  #sourceOf(group: ParentGroup): DraftSource {
    let source = this.sources.get(group.source)
    if (source === undefined) {
      source = { shard: group.source, firstJob: group.sourceFirstJob, singles: [], sets: [], isRun: true }
      this.sources.set(group.source, source)
    }
    return source
  }

  #hash({ from, to }: ParentGroup): number {
    let hash = to - from
    for (let edge = from; edge < to; edge++)
      hash = Math.imul(hash ^ elementAt(this.#targets, edge), 0x9e3779b1) + edge - from
    return hash
  }

  #areEqual(left: DraftPort, right: ParentGroup): boolean {
    const length = left.to - left.from
    if (length !== right.to - right.from) return false
    for (let offset = 0; offset < length; offset++) {
      if (elementAt(this.#targets, left.from + offset) !== elementAt(this.#targets, right.from + offset)) return false
    }
    return true
  }
}
