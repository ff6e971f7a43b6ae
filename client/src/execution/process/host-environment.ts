const passed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'] as const

/** What a job without image sees of the environment of this machine: where programs are, who runs it, the language. */
export function pickHostEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = [...passed, ...Object.keys(environment).filter((name) => name.startsWith('LC_'))]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
