import { dockerChain, ensureRules, type Rule } from './firewall.ts'

/**
 * Containers may ask the metadata server for names, as machines on Google Cloud do, and for nothing else: it would give
 * them the machine's own credentials. In the order in which they are looked at.
 */
export const metadataRules = (address: string): readonly Rule[] => [
  ['-d', address, '-p', 'udp', '--dport', '53', '-j', 'RETURN'],
  ['-d', address, '-p', 'tcp', '--dport', '53', '-j', 'RETURN'],
  ['-d', address, '-j', 'REJECT'],
]

/** Whether the machine's metadata server is where virtual machines have it, and not a stand-in. */
export const isRealMetadata = (url: string): boolean =>
  ['169.254.169.254', 'metadata.google.internal', 'metadata'].includes(new URL(url).hostname)

export const metadataAddress = '169.254.169.254'

/**
 * Keeps containers from the metadata server, until the machine ends. What runs on the machine itself, as the agent does,
 * still reaches it; so do containers in the machine's own network, and jobs that are processes of the agent.
 * @throws Error if the rules cannot be made: jobs must not run then
 */
export const blockMetadata = (address = metadataAddress): Promise<void> =>
  ensureRules(dockerChain, metadataRules(address))
