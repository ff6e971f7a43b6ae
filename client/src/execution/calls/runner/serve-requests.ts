import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunnerReport, WarmRequest } from '../call-messages.ts'
import { CodeModules } from './code-modules.ts'
import { followCalls } from './follow-calls.ts'
import { type Footprint, findTraces, takeFootprint, watchUnseen } from './footprint.ts'
import { replaceStandardOutputs } from './sync-output.ts'

const channelFd = 3

interface Server {
  readonly waitForChannel: () => void
  readonly leaveChannel: () => void
  readonly modules: CodeModules
  /** What this process is like while it waits. */
  footprint: Footprint | undefined
}

/** Serves one attempt after the other, until one leaves traces or nobody is there who asks. */
export function serveRequests(): void {
  replaceStandardOutputs(2)
  const channel = new Socket({ fd: channelFd, readable: true, writable: false })
  const server: Server = {
    waitForChannel: channel.ref.bind(channel),
    // Taken before it is watched who does the like.
    leaveChannel: channel.unref.bind(channel),
    modules: new CodeModules(),
    footprint: undefined,
  }
  watchUnseen()
  createInterface({ input: channel }).on('line', (line) => {
    // Written by the agent that has started this process.
    const request: WarmRequest = JSON.parse(line)
    void serve(request, server)
  })
  channel.on('close', () => process.exit())
}

/** An attempt that leaves traces ends as its own process would: by an exit, with everything that it has begun. */
async function serve(request: WarmRequest, server: Server): Promise<void> {
  const { modules } = server
  printInto(request.output)
  say({ kind: 'begun' })
  replaceEnvironment(request.env)
  process.chdir(request.root)
  // So that the loop can be seen to be empty.
  server.leaveChannel()
  server.footprint ??= takeFootprint()
  const exitCode = await followCalls(request, modules, (message) => say({ kind: 'failed', message }))
  server.footprint = await findClean(server.footprint)
  if (server.footprint === undefined) process.exit(exitCode)
  server.waitForChannel()
  process.chdir('/')
  redirect('/dev/null')
  say({ kind: 'ended', exitCode })
}

/** The footprint that is left, if it has no traces. What has just ended is listed until the loop has gone round. */
async function findClean(before: Footprint): Promise<Footprint | undefined> {
  const after = takeFootprint()
  if (findTraces(before, after).length === 0) return after
  await nextTurn()
  const later = takeFootprint()
  return findTraces(before, later).length === 0 ? later : undefined
}

/**
 * A plain opening would wait for ever where the reader of the pipe has just been killed: the first look fails then; and
 * with a reader of its own no opening waits.
 */
function printInto(pipe: string): void {
  closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK))
  const reader = openSync(pipe, constants.O_RDWR)
  redirect(pipe)
  closeSync(reader)
}

/**
 * What is opened gets the lowest number that is free. No function runs now, but Node's own threads may open a file for a
 * moment and be given the number: then it is free again soon.
 */
function redirect(path: string): void {
  for (const fd of [1, 2]) {
    closeSync(fd)
    const opened = retryFor(mostTries, () => openAs(fd, path))
    if (!opened) throw new Error(`the file descriptor ${fd} was taken`)
  }
}

/** A millisecond apart. */
const mostTries = 1000

function retryFor(tries: number, act: () => boolean): boolean {
  for (let left = tries; left > 0; left--) {
    if (act()) return true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  }
  return false
}

function openAs(fd: number, path: string): boolean {
  const opened = openSync(path, constants.O_WRONLY)
  if (opened === fd) return true
  closeSync(opened)
  return false
}

function replaceEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(env, name)) delete process.env[name]
  for (const [name, value] of Object.entries(env)) if (process.env[name] !== value) process.env[name] = value
}

/** Not lost in an exit, which would not wait for a stream. */
function say(report: RunnerReport): void {
  writeSync(channelFd, `${JSON.stringify(report)}\n`)
}
