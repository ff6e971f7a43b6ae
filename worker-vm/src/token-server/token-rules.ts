import type { Bridge } from 'graupel/execution'
import type { Rule } from '../firewall.ts'

/**
 * For what comes in to this machine: containers may ask for tokens, and nobody else, whatever else the machine lets in.
 * Container-Optimized OS lets nothing in but SSH; other systems answer on each of their addresses whoever can reach one.
 */
export const tokenRules = ({ name, address }: Bridge, port: number): readonly Rule[] => {
  const asking = ['-d', address, '-p', 'tcp', '--dport', String(port)]
  return [
    ['-i', name, ...asking, '-j', 'ACCEPT'],
    [...asking, '-j', 'REJECT'],
  ]
}
