/** The text as it is written in the program, but for the two escapes that a template needs. */
export const withoutEscapes = (raw: string): string => raw.replaceAll(/\\(`|\$\{)/g, '$1')
