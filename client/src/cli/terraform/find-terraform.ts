import { execFile } from 'node:child_process'
import { z } from 'zod'
import { InvalidBatchError } from '../../errors/invalid-batch-error.ts'
import { terraformEnvironment } from './terraform.ts'

const versionSchema = z.object({ terraform_version: z.string() })
/** Write-only arguments came with it: the service key never lies in the state. */
const oldest = [1, 11] as const
const remedy = 'get it from https://developer.hashicorp.com/terraform/install and put it into PATH'

/** The version of Terraform in PATH. @throws InvalidBatchError if there is none, or one that is too old */
export async function findTerraform(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const answer = await ask(env)
  if (answer === undefined) throw new InvalidBatchError({ message: `There is no terraform in PATH: ${remedy}` })
  const { terraform_version: version } = versionSchema.parse(JSON.parse(answer))
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return version
  throw new InvalidBatchError({
    message: `terraform in PATH is ${version}, and ${oldest.join('.')} or later is needed: ${remedy}`,
  })
}

function ask(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('terraform', ['version', '-json'], { env: terraformEnvironment(env) }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    )
  })
}
