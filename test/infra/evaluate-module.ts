import { z } from 'zod'
import { startStandInProvider } from './provider/stand-in-provider.ts'
import { copyModule } from './terraform.ts'

const resourceSchema = z.object({
  address: z.string(),
  type: z.string(),
  name: z.string(),
  /** The key of `for_each`. */
  index: z.union([z.string(), z.number()]).optional(),
  /** All its arguments and attributes. */
  values: z.record(z.string(), z.unknown()),
})
export type Resource = z.infer<typeof resourceSchema>

const stateSchema = z.object({
  root_module: z.object({ resources: z.array(resourceSchema) }),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })),
})

const messageSchema = z.looseObject({ type: z.string(), test_state: stateSchema.optional() })

export interface EvaluatedModule {
  readonly resources: readonly Resource[]
  readonly outputs: Readonly<Record<string, unknown>>
  ofType(type: string): readonly Resource[]
}

/** What has no default, unless a test says otherwise. */
const required = { project: 'my-project', service_key: '0123456789abcdef0123456789abcdef' }

/**
 * A file for `terraform test` whose only run has these variables. Computed values are texts of eight random characters,
 * but for those that must be real; when the module is only planned, they are not known.
 */
export const testFileOf = (variables: string, command: 'plan' | 'apply') => `
mock_provider "archive" {}
mock_provider "time" {}

mock_provider "google" {
  alias = "budget"
}

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_resource "google_service_account" {
    defaults = { email = "someone@my-project.iam.gserviceaccount.com" }
  }
}

variables {
${Object.entries(required)
  .filter(([name]) => !new RegExp(`^\\s*${name}\\s*=`, 'm').test(variables))
  .map(([name, value]) => `  ${name} = "${value}"`)
  .join('\n')}
${variables}
}

run "evaluated" {
  command = ${command}
}
`

/** The module as Terraform would create it: every instance of every resource, all expressions evaluated. */
export async function evaluateModule(variables = ''): Promise<EvaluatedModule> {
  const provider = await startStandInProvider()
  const copy = await copyModule(provider.environment)
  try {
    await copy.add('tests/evaluated.tftest.hcl', testFileOf(variables, 'apply'))
    await copy.terraform('init', '-backend=false', '-input=false')
    const { exitCode, output } = await copy.terraform('test', '-json', '-verbose', '-filter=tests/evaluated.tftest.hcl')
    if (exitCode !== 0) throw new Error(`the module cannot be evaluated:\n${output}`)
    return readState(output)
  } finally {
    await copy.remove()
    provider.close()
  }
}

function readState(output: string): EvaluatedModule {
  const messages = output.split('\n').filter((line) => line.startsWith('{'))
  const states = messages.map((line) => messageSchema.parse(JSON.parse(line)).test_state)
  const state = states.find((one) => one !== undefined)
  if (state === undefined) throw new Error('terraform test has shown no state')
  const { resources } = state.root_module
  return {
    resources,
    outputs: Object.fromEntries(Object.entries(state.outputs).map(([name, { value }]) => [name, value])),
    ofType: (type) => resources.filter((resource) => resource.type === type),
  }
}
