import { readFile } from 'node:fs/promises'

/** Of a program of the package, the file lies beside it. */
const file = new URL('./python-runner.py', import.meta.url)

let text: Promise<string> | undefined

/** The program that calls Python functions. */
export function pythonRunnerText(): Promise<string> {
  text ??= readFile(file, 'utf8')
  return text
}
