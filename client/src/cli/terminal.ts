import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** Where a command gets its surroundings from, and where its words go. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Data for programs. */
  readonly print: (text: string) => void
  /** Data as it is. Resolves when there is room for more. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Talk for people. */
  readonly say: (text: string) => void
  /** Asks the person; `undefined` where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

export const makeTerminal = (env: Terminal['env']): Terminal => ({
  env,
  print: (text) => void process.stdout.write(`${text}\n`),
  write: async (bytes) => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
  },
  say: (text) => void process.stderr.write(`${text}\n`),
  ask: process.stdin.isTTY === true && process.stderr.isTTY === true ? askPerson : undefined,
})

async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}

/** Does a command's work, which resolves with the exit code. */
export type Act = (work: () => Promise<number>) => Promise<void>
