import { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { Server, Socket } from 'node:net'
import { MessagePort, Worker } from 'node:worker_threads'

/** What functions may have left in this process: compared before and after, it tells whether others may follow. */
export interface Footprint {
  /** How many there are of each kind of thing. */
  readonly counts: ReadonlyMap<string, number>
  /** What each global name stands for, and what members of some do that programs replace in tests or to be repeatable. */
  readonly globals: ReadonlyMap<string, unknown>
}

/** More than this is not handed on: it would count against another job's memory. */
const maxRssBytes = 512 * 2 ** 20

let unseen = 0
const countUnseen = () => {
  unseen++
}

/** From now on it is counted what nothing here lists afterwards. */
export function watchUnseen(): void {
  for (const prototype of unrefable()) {
    const { unref } = prototype
    prototype.unref = function (...words) {
      countUnseen()
      return unref.apply(this, words)
    }
  }
  // On Linux the agent looks for processes itself, also for those whose parent has gone.
  if (process.platform !== 'linux') subscribe('child_process', countUnseen)
}

export function takeFootprint(): Footprint {
  const counts = new Map<string, number>([
    ['something that Node was told not to wait for', unseen],
    ['file mode mask', process.umask()],
    ['exit code', Number(process.exitCode ?? 0)],
    ['too much memory', Number(process.memoryUsage.rss() > maxRssBytes)],
    ['ended output', Number(process.stdout.writableEnded) + Number(process.stderr.writableEnded)],
  ])
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const event of process.eventNames()) counts.set(`listener of ${String(event)}`, process.listenerCount(event))
  for (const [name, intrinsic] of intrinsics()) counts.set(`members of ${name}`, Reflect.ownKeys(intrinsic).length)
  const owners = Object.entries({ '': globalThis, console, Math, Date, JSON, Promise })
  return { counts, globals: new Map(owners.flatMap(([name, owner]) => valuesOf(name, owner))) }
}

/** What has become different, in words. */
export function findTraces(before: Footprint, after: Footprint): string[] {
  const counted = [...after.counts].filter(([what, count]) => count !== (before.counts.get(what) ?? 0))
  const gone = [...before.counts].filter(([what, count]) => count !== 0 && !after.counts.has(what))
  const changed = [...after.globals].filter(([name, value]) => isOther(before.globals, name, value))
  return [...counted, ...gone, ...changed].map(([what]) => what)
}

/** Node defines some globals when they are first used: then they were there before, without a value. */
const isOther = (before: Footprint['globals'], name: string, value: unknown): boolean =>
  !before.has(name) || (before.get(name) !== undefined && !Object.is(before.get(name), value))

function valuesOf(owner: string, object: object): [string, unknown][] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(object))
  return members.map(([name, { value }]) => [`${owner}.${name}`, value])
}

function* intrinsics(): Generator<[string, object]> {
  const constructors = [
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    Promise,
    Map,
    Set,
    Date,
    RegExp,
    Error,
  ]
  for (const builtIn of constructors) {
    yield [builtIn.name, builtIn]
    yield [`${builtIn.name}.prototype`, builtIn.prototype]
  }
  yield ['Math', Math]
  yield ['JSON', JSON]
}

interface Unrefable {
  unref: (...words: unknown[]) => unknown
}

/** What can be told not to keep the process alive is not among the active resources then. */
function unrefable(): Unrefable[] {
  const timer = setTimeout(() => undefined, 0)
  const immediate = setImmediate(() => undefined)
  clearTimeout(timer)
  clearImmediate(immediate)
  const handles = [Socket, Server, ChildProcess, Worker, MessagePort].map(({ prototype }) => prototype)
  return [Object.getPrototypeOf(timer), Object.getPrototypeOf(immediate), ...handles]
}
