import type { CallsTask } from '../sandbox/sandbox.ts'
import { heapOptions } from './heap-options.ts'
import { pythonRunnerText } from './python-runner-text.ts'
import { nodeRunnerText } from './runner-text.ts'

/** What calls the functions of a language. */
export interface Runtime {
  /** Under this name the runner lies in the attempt's folder. */
  readonly fileName: string
  /** The runner, a program in one file. It reads a `CallRequest`, and leaves a `CallsEnd` beside it when it fails. */
  readonly text: () => Promise<string>
  /** Of the language's program, for functions with so much memory. */
  readonly options: typeof heapOptions
  /** Starts the runner. */
  readonly words: (runner: string, request: string, options: readonly string[]) => readonly [string, ...string[]]
  /** What an image must have, for messages. */
  readonly needs: { readonly what: string; readonly example: string }
  /** Without an image: a runner serves one attempt after the other. */
  readonly isWarm: boolean
}

export const runtimes: Readonly<Record<CallsTask['kind'], Runtime>> = {
  functions: {
    fileName: 'call-runner.cjs',
    text: nodeRunnerText,
    options: heapOptions,
    words: (runner, request, options) => ['node', ...options, runner, request],
    needs: { what: 'Node 22 or newer', example: 'node:24-slim' },
    isWarm: true,
  },
  python: {
    fileName: 'runner.py',
    text: pythonRunnerText,
    options: () => [],
    // What is printed comes at once, and text is UTF-8, whatever the image's or machine's settings are.
    words: (runner, request) => ['python3', '-u', '-X', 'utf8', runner, request],
    needs: { what: 'Python 3.8 or newer', example: 'python:3.13-slim' },
    isWarm: false,
  },
}
