/** Terraform has refused or failed. What it had done before stays done, and is in its state. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError'

  constructor({ command, problems }: { readonly command: string; readonly problems: readonly string[] }) {
    super(`terraform ${command} failed:\n${problems.join('\n')}`)
  }
}
