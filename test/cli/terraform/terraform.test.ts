import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTerraform } from '../../../client/src/cli/terraform/find-terraform.ts'
import { Terraform, terraformEnvironment } from '../../../client/src/cli/terraform/terraform.ts'
import { parseTerraformMessage, summarizePlan } from '../../../client/src/cli/terraform/terraform-messages.ts'
import { whyNoTerraform } from '../../infra/terraform.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const reason = whyNoTerraform()
if (reason !== undefined) console.log(`the real terraform is not tested here: ${reason}`)

const makeFolder = useTemporaryFolders()
/** Its one provider is built into Terraform: nothing is downloaded. */
const module = (input: string) => `
variable "service_key" {
  type      = string
  ephemeral = true
}
resource "terraform_data" "first" { input = "${input}" }
resource "terraform_data" "second" { triggers_replace = "${input}" }
output "client_environment" { value = { A = "1" } }
`

describe.skipIf(reason !== undefined)('the real terraform', () => {
  async function open(text: string) {
    const folder = await makeFolder()
    const said: string[] = []
    const env = { ...process.env, TF_CLI_CONFIG_FILE: join(folder, 'none.tfrc'), TF_VAR_service_key: 'secret' }
    await writeFile(env.TF_CLI_CONFIG_FILE, '')
    const write = (changed: string) => writeFile(join(folder, 'main.tf'), changed)
    await write(text)
    return { terraform: new Terraform({ folder, env, say: (line) => void said.push(line) }), said, write }
  }

  test('is found, and its plans, applies, outputs and resources are understood', async () => {
    expect(await findTerraform(process.env)).toMatch(/^\d+\.\d+/)
    const { terraform, said, write } = await open(module('a'))
    await terraform.init()
    expect(await terraform.plan()).toEqual({ add: 2, change: 0, remove: 0, losses: [] })
    await terraform.apply()
    expect(said[0]).toMatch(/^ {2}terraform_data\.(first|second): Creation complete/)
    expect(await terraform.outputs()).toEqual({ client_environment: { A: '1' } })
    expect(await terraform.resources()).toEqual(['terraform_data.first', 'terraform_data.second'])
    await write(module('b'))
    expect(await terraform.plan()).toEqual({ add: 1, change: 1, remove: 1, losses: ['terraform_data.second'] })
    expect(await terraform.plan('-destroy', '-target=terraform_data.first')).toMatchObject({ remove: 1 })
    await terraform.apply()
    expect(await terraform.resources()).toEqual(['terraform_data.second'])
  })

  test('its errors are passed on in its own words', async () => {
    const { terraform } = await open(`${module('a')}resource "terraform_data" "third" { nonsense = 1 }`)
    await terraform.init()
    await expect(terraform.plan()).rejects.toThrow(/terraform plan failed:\n.*Unsupported argument\n {2}.*nonsense/)
  })
})

test('lines of other programs and of newer versions are passed over', () => {
  expect(parseTerraformMessage('Warning: something')).toBeUndefined()
  expect(parseTerraformMessage('{"type":"resource_drift"}')).toBeUndefined()
})

test('a replacement is made and deleted', () => {
  const resource = { addr: 'a.b', resource_type: 'a' }
  const summary = summarizePlan([{ type: 'planned_change', change: { resource, action: 'replace' } }])
  expect(summary).toEqual({ add: 1, change: 0, remove: 1, losses: ['a.b'] })
})

test('what a person has set for other modules does not reach this one, the credentials do', () => {
  const env = {
    TF_VAR_project: 'x',
    TF_CLI_ARGS_plan: '-x',
    TF_VAR_service_key: 'k',
    GOOGLE_APPLICATION_CREDENTIALS: '/c',
  }
  expect(terraformEnvironment(env)).toEqual({
    TF_VAR_service_key: 'k',
    GOOGLE_APPLICATION_CREDENTIALS: '/c',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
  })
})
