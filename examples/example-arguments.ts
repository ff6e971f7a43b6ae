import { parseArgs } from 'node:util'
import { type Backend, LocalBackend, ServiceBackend } from 'graupel'

/**
 * Every example runs on this machine, or on the service with `--backend service`, and writes below `--output`:
 * `node examples/hello.ts`, `npx graupel emulate -- node examples/hello.ts --backend service`.
 */
export function exampleArguments(name: string): { backend: Backend; output: string } {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: process.env.GRAUPEL_BACKEND ?? 'local' },
      output: { type: 'string', default: `out/${name}` },
    },
  })
  const backend = values.backend === 'service' ? new ServiceBackend() : new LocalBackend()
  return { backend, output: values.output }
}
