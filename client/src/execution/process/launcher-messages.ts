/** What is to be started: a program, in a process group of its own, printing into a named pipe. */
export interface Launch {
  readonly id: number
  readonly program: string
  readonly arguments: readonly string[]
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** The path of a named pipe that somebody reads. */
  readonly output: string
}

export type LaunchReport =
  | { readonly id: number; readonly kind: 'started'; readonly pid: number }
  | { readonly id: number; readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }
  | {
      readonly id: number
      readonly kind: 'exited'
      readonly exitCode: number | null
      readonly signal: NodeJS.Signals | null
    }
