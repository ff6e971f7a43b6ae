import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What iptables is told of one rule, without its chain. */
export type Rule = readonly string[]

/** Docker sends what containers send through this chain first, and leaves it to the machine's owner. */
export const dockerChain = 'DOCKER-USER'

/**
 * Linux has two firewalls, and a system's `iptables` speaks to one of them. The agent's image is another system than its
 * machine: rules hold together only in the one that the machine's Docker engine uses.
 */
const programs = ['iptables', 'iptables-legacy', 'iptables-nft']

const run = promisify(execFile)

/**
 * Puts the rules before all others of the chain, in this order; those that are there stay where they are.
 * @throws Error if the rules cannot be made
 */
export async function ensureRules(chain: string, rules: readonly Rule[]): Promise<void> {
  const program = await findIptables()
  for (const rule of [...rules].reverse()) {
    if (await succeeds(program, ['-C', chain, ...rule])) continue
    await run(program, ['--wait', '-I', chain, ...rule])
  }
}

/** No error if they are gone. */
export async function removeRules(chain: string, rules: readonly Rule[]): Promise<void> {
  const program = await findIptables()
  for (const rule of rules) await succeeds(program, ['-D', chain, ...rule])
}

/** The program that speaks to the firewall of the machine's Docker engine. @throws Error if there is none */
export async function findIptables(): Promise<string> {
  for (const program of programs) if (await succeeds(program, ['-S', dockerChain])) return program
  const advice = "Run the agent as root with CAP_NET_ADMIN in the host's network, with iptables in its image."
  throw new Error(`The firewall cannot be changed: no iptables here has Docker's chain ${dockerChain}. ${advice}`)
}

const succeeds = (program: string, words: readonly string[]): Promise<boolean> =>
  run(program, ['--wait', ...words]).then(
    () => true,
    () => false,
  )
