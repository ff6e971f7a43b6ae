import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What iptables is told of one rule, without its chain. */
export type Rule = readonly string[]

const run = promisify(execFile)

/**
 * Puts the rules before all others of the chain, in this order; those that are there stay where they are.
 * @throws Error if the rules cannot be made
 */
export async function ensureRules(chain: string, rules: readonly Rule[]): Promise<void> {
  for (const rule of [...rules].reverse()) {
    if (await hasRule(chain, rule)) continue
    await run('iptables', ['--wait', '-I', chain, ...rule]).catch((error: unknown) => {
      const advice = "Run the agent as root with CAP_NET_ADMIN in the host's network, with iptables in its image."
      throw new Error(`The firewall cannot be changed: ${messageOf(error)}. ${advice}`, { cause: error })
    })
  }
}

/** No error if they are gone. */
export async function removeRules(chain: string, rules: readonly Rule[]): Promise<void> {
  for (const rule of rules) await run('iptables', ['--wait', '-D', chain, ...rule]).catch(() => undefined)
}

const hasRule = (chain: string, rule: Rule): Promise<boolean> =>
  run('iptables', ['--wait', '-C', chain, ...rule]).then(
    () => true,
    () => false,
  )

const messageOf = (error: unknown) => (error instanceof Error ? error.message.trim() : String(error))
