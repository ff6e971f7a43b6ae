import type { HttpFunction } from '@google-cloud/functions-framework'
import { hostFunction } from '@graupel/functions/emulator/host-function'
import { createEngine, type Engine, type EngineLog, MemoryEventBus, MemoryStore, systemClock } from 'graupel/engine'
import { MemoryObjectStore } from 'graupel/storage'
import { onTestFinished } from 'vitest'

export const silentLog: EngineLog = { info() {}, warn() {} }

/** Serves a function until the test ends. */
export async function serve(name: string, handler: HttpFunction): Promise<string> {
  const hosted = await hostFunction(name, handler)
  onTestFinished(() => hosted.close())
  return hosted.url
}

/** What the functions work with, in memory, with one lane whose events go straight to its engine. */
export function makeServices() {
  const store = new MemoryStore()
  const bus = new MemoryEventBus()
  const objects = new MemoryObjectStore()
  const engine: Engine = createEngine({
    lane: 0,
    deployedLanes: 1,
    store,
    bus,
    objects,
    clock: systemClock,
    tasks: { enqueue: async () => 'created' },
    serviceKey: 'a key for tests alone',
    log: silentLog,
    isElastic: false,
  })
  onTestFinished(async () => {
    await engine.close()
    await bus.close()
  })
  const kernel = { callers: 'anybody', topic: 't' } as const
  return { ...kernel, store, bus, objects, engine, clock: systemClock, log: silentLog }
}

export const postJson = (
  url: string,
  body: unknown,
  { signal, headers }: { readonly signal?: AbortSignal; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  })
