import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** The command that shows an address: `BROWSER`, else this system's own. Pure. */
export function browserCommand(url: string, environment: Environment, platform: NodeJS.Platform): readonly string[] {
  const chosen = environment.BROWSER
  if (chosen !== undefined && chosen !== '') return [chosen, url]
  switch (platform) {
    case 'darwin':
      return ['open', url]
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url]
    default:
      return ['xdg-open', url]
  }
}

/** Starts the browser and does not wait for it. Where there is none nothing happens: the address has been told. */
export function openBrowser(url: string, environment: Environment): void {
  const [program = '', ...args] = browserCommand(url, environment, process.platform)
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
}
