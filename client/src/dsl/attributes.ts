import { hasControlCharacter, quoted, type Refuse } from './check-settings.ts'

/**
 * Words about a batch or job, for people and queries. `name` has its own option. No line breaks.
 *
 * @example `const attributes: Attributes = { sample: 'NA12878' }`
 */
export type Attributes = { readonly [name: string]: string } & { readonly name?: never }

/** @throws InvalidBatchError by `refuse` */
export function checkAttributes(attributes: Attributes, refuse: Refuse): void {
  for (const [name, value] of Object.entries<unknown>(attributes)) {
    if (name === 'name') throw refuse(`has the attribute 'name'; use the option name instead.`)
    if (typeof value !== 'string')
      throw refuse(`has the attribute '${name}' with the value ${quoted(value)}; write a text.`)
    if (name === '' || hasControlCharacter(name) || hasControlCharacter(value))
      throw refuse(
        `has the attribute ${JSON.stringify({ [name]: value })}; write a name, and no line break or other control character.`,
      )
  }
}
