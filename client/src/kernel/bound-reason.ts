import type { EndReason } from '../model/index.ts'

/** One message in a shard record takes at most this much of its JSON text, … */
const maxMessageLength = 500
/** … and all messages together this much: 512 jobs with a long one each would make a record that cannot be stored. */
const maxMessagesLength = 4096

const lengthOf = (message: string | undefined): number => (message === undefined ? 0 : JSON.stringify(message).length)

/** The reason as the record can hold it: its message cut, or dropped where those of other jobs have used up the room. */
export function boundReason(others: Iterable<EndReason>, reason: EndReason): EndReason {
  const { message, ...bare } = reason
  if (message === undefined) return reason
  let room = maxMessagesLength
  for (const other of others) {
    room -= lengthOf(other.message)
    if (room <= 0) return bare
  }
  const limit = Math.min(room, maxMessageLength)
  if (lengthOf(message) <= limit) return reason
  const cut = cutTo(message, limit)
  return cut === undefined ? bare : { ...bare, message: cut }
}

/** `undefined` if what would be left says nothing. */
function cutTo(message: string, limit: number): string | undefined {
  let end = Math.min(message.length, limit - 3)
  while (end > 0 && lengthOf(message.slice(0, end)) > limit - 1) end -= Math.ceil(end / 8)
  return end < 16 ? undefined : `${message.slice(0, end).toWellFormed()}…`
}
