import type { Terminal } from './terminal.ts'

export interface Question {
  readonly text: string
  /** What must be typed to go on. */
  readonly expected: 'yes' | (string & {})
  /** `--yes` was given. */
  readonly isAnswered: boolean
}

/** Whether to go on. Without a terminal nobody can answer, and that is no. */
export async function confirm({ ask, say }: Pick<Terminal, 'ask' | 'say'>, question: Question): Promise<boolean> {
  if (question.isAnswered) return true
  if (ask === undefined) {
    say('Nothing is done: there is no terminal to ask; add --yes to go on without a question')
    return false
  }
  if ((await ask(`${question.text} Type ${question.expected} to go on: `)).trim() === question.expected) return true
  say('Nothing is done')
  return false
}
