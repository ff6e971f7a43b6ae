import type { Engine, EngineOptions, EngineServices } from './engine.ts'
import { LaneHost } from './lane-host.ts'
import { postJson } from './post-json.ts'

/**
 * One lane's host of the kernel: loads, reduces, commits with a precondition, carries out the effects, acknowledges.
 * Any number of instances of one lane are safe together; one is fast, because its commits group.
 */
export function createEngine(options: EngineOptions): Engine {
  const services: EngineServices = {
    maxWaiting: 200,
    maxListening: 300,
    maxKept: 512,
    leaseMs: 3 * 60_000,
    isElastic: true,
    callBack: postJson,
    dollarsPerHour: () => 0,
    ...options,
  }
  return new LaneHost(services)
}
