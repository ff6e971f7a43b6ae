import { parseArgs } from 'node:util'
import { type Backend, LocalBackend, ServiceBackend } from 'graupel'

/**
 * Every example runs on this machine, or on the service with `--backend service`, and writes below `--output`:
 * `node examples/hello.ts`, `npx graupel emulate -- node examples/hello.ts --backend service`.
 *
 * @param more the example's own options, each with its default
 */
export function exampleArguments(
  name: string,
  more: Readonly<Record<string, string>> = {},
): { backend: Backend; output: string; option: (name: string) => string } {
  const defaults = { backend: process.env.GRAUPEL_BACKEND ?? 'local', output: `out/${name}`, ...more }
  const options = Object.fromEntries(Object.keys(defaults).map((key) => [key, { type: 'string' } as const]))
  const given = new Map(Object.entries({ ...defaults, ...parseArgs({ options }).values }))
  const option = (key: string) => String(given.get(key))
  return {
    backend: option('backend') === 'service' ? new ServiceBackend() : new LocalBackend(),
    output: option('output'),
    option,
  }
}
