import { z } from 'zod'

const recordSchema = z.record(z.string(), z.unknown())

/** The fields of a message of the client library, whose numbers may be `Long`s; `undefined` if it is none. */
export function plainRecord(message: unknown): unknown {
  const text = JSON.stringify(message, (_, value: unknown) => (isLong(value) ? Number(value.toString()) : value))
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text))
}

const isLong = (value: unknown): value is { toString(): string } =>
  typeof value === 'object' && value !== null && 'low' in value && 'high' in value && 'unsigned' in value
