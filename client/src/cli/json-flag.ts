/** The option that every command has. */
export interface JsonFlag {
  readonly json?: boolean
}

export const jsonHelp = 'JSON, one object a line'
