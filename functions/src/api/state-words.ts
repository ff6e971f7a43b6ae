import { isBad, isTerminal, type JobState, jobStates } from 'graupel/model'
import { HTTPException } from 'hono/http-exception'

type StateTest = (state: JobState) => boolean

/** `live`, `done`, `bad`, or one state in small letters. */
export function statesOfWord(word: string | undefined): StateTest {
  if (word === undefined || word === '') return () => true
  if (word === 'live') return (state) => !isTerminal(state)
  if (word === 'done') return isTerminal
  if (word === 'bad') return isBad
  const named = jobStates.find((state) => state.toLowerCase() === word)
  if (named !== undefined) return (state) => state === named
  const known = ['live', 'done', 'bad', ...jobStates.map((state) => state.toLowerCase())].join(', ')
  throw new HTTPException(400, { message: `q '${word}' is not known; known are ${known}` })
}
