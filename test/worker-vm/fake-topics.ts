import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import { type LaneMessage, laneMessageSchema } from 'graupel/model'

/** `PublishResponse { message_ids: ["1"] }` */
const answer = Buffer.from([0x0a, 0x01, 0x31])

const asTheyAre = (bytes: Buffer) => bytes

/** A server that takes what is published, at the address that the real client library is told of. */
export class FakeTopics {
  readonly received: LaneMessage[] = []
  readonly #server = new Server()
  host = ''

  async start(): Promise<void> {
    const path = '/google.pubsub.v1.Publisher/Publish'
    const publish = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asTheyAre,
      requestDeserialize: asTheyAre,
      responseSerialize: asTheyAre,
      responseDeserialize: asTheyAre,
    }
    this.#server.addService(
      { publish },
      {
        publish: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
          this.#take(call.request)
          reply(null, answer)
        },
      },
    )
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      )
    })
    this.host = `127.0.0.1:${port}`
  }

  stop(): void {
    this.#server.forceShutdown()
  }

  ends() {
    return this.received
      .flatMap(({ deliveries }) => deliveries)
      .flatMap(({ events }) => events.map(({ event }) => event))
      .flatMap((event) => (event.type === 'attemptEnded' ? [event] : []))
  }

  /** The request is not decoded: its data is the only JSON in it. */
  #take(request: Buffer): void {
    const text = request.toString('utf8')
    const json = text.slice(text.indexOf('{"deliveries"'), text.lastIndexOf('}') + 1)
    this.received.push(laneMessageSchema.parse(JSON.parse(json)))
  }
}
