import type { EventBus } from 'graupel/engine'
import type { LaneMessage } from 'graupel/model'
import type { FaultSource } from './faults.ts'
import type { SimProcess } from './sim-process.ts'
import type { World } from './world.ts'

/** Without an acknowledgement a message comes again after this. */
const deadlineMs = 60_000
const slowestMs = 200_000

type Receive = (lane: number, message: LaneMessage) => Promise<void>

/** At least once, in any order, with any delay; a message that is dropped has been given up by the bus for good. */
export class SimBus {
  readonly #world: World
  readonly #faults: FaultSource
  readonly #receive: Receive
  published = 0

  constructor(world: World, faults: FaultSource, receive: Receive) {
    this.#world = world
    this.#faults = faults
    this.#receive = receive
  }

  of(process: SimProcess): EventBus {
    return { publish: (lane, message) => process.call(() => this.#publish(process, lane, message)) }
  }

  async #publish(process: SimProcess, lane: number, message: LaneMessage): Promise<void> {
    const { random } = this.#faults
    const sent = structuredClone(message)
    await this.#world.sleep(random.between(1, 10))
    if (this.#faults.strikes('loseRequest')) throw new Error('the bus did not answer')
    this.published++
    this.#world.note(`${process.name} tells lane ${lane}: ${describe(sent)}`)
    const copies = this.#faults.strikes('duplicate') ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (this.#faults.strikes('drop')) this.#world.note(`the bus drops ${describe(sent)}`)
      else
        this.#deliverIn(
          this.#faults.strikes('slow') ? random.between(1000, slowestMs) : random.between(5, 60),
          lane,
          sent,
        )
    }
    if (this.#faults.strikes('loseReply')) throw new Error('the bus did not say that it has the message')
  }

  #deliverIn(ms: number, lane: number, message: LaneMessage): void {
    this.#world.after(ms, () => void this.#deliver(lane, message))
  }

  async #deliver(lane: number, message: LaneMessage): Promise<void> {
    const answered = new AbortController()
    const outcome = this.#receive(lane, structuredClone(message)).then(
      () => 'done' as const,
      () => 'failed' as const,
    )
    const late = this.#world.sleep(deadlineMs, answered.signal).then(() => 'late' as const)
    const end = await Promise.race([outcome, late])
    answered.abort('answered')
    if (end !== 'done') this.#deliverIn(end === 'late' ? 0 : this.#faults.random.between(100, 5000), lane, message)
  }
}

const describe = (message: LaneMessage): string =>
  message.deliveries
    .map((delivery) => {
      const to = 'shard' in delivery ? `${delivery.batch}/${delivery.shard}` : delivery.batch
      return `${to}(${delivery.events.map(({ event }) => brief(event)).join(' ')})`
    })
    .join(' ')

function brief(event: { readonly type: string; readonly [field: string]: unknown }): string {
  const { type, job, attempt } = event
  return job === undefined || attempt === undefined ? type : `${type}:${job}:${attempt}`
}
