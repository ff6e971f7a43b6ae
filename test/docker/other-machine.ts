import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { findIptables } from '../../worker-vm/src/firewall.ts'
import { reasonToSkip } from './tiny-image.ts'

const run = promisify(execFile)

/** Why no network can be changed here, or `undefined`. */
export async function reasonToSkipNetwork(): Promise<string | undefined> {
  const reason = (await reasonToSkip()) ?? (process.getuid?.() === 0 ? undefined : 'only root may change the network')
  if (reason !== undefined) return reason
  const found = await Promise.all([run('ip', ['-V']), findIptables()]).catch(() => undefined)
  if (found !== undefined) return undefined
  console.log("the test of the network is skipped: 'ip' or Docker's chain in iptables is missing")
  return 'no network to change'
}

/** Another machine on the network: a network of its own, with a cable to this one's. */
export class OtherMachine {
  readonly #space = `graupel-${process.pid}`
  #program: ChildProcess | undefined

  /** @param address its own, in a network of 256 whose first address this machine gets */
  static async connect(address: string): Promise<OtherMachine> {
    const machine = new OtherMachine()
    const here = address.replace(/\d+$/, '1')
    await run('ip', ['netns', 'add', machine.#space])
    await run('ip', ['link', 'add', 'grtest0', 'type', 'veth', 'peer', 'name', 'grtest1', 'netns', machine.#space])
    await run('ip', ['addr', 'add', `${here}/24`, 'dev', 'grtest0'])
    await run('ip', ['link', 'set', 'grtest0', 'up'])
    await machine.#ip('addr', 'add', `${address}/24`, 'dev', 'grtest1')
    await machine.#ip('link', 'set', 'grtest1', 'up')
    await machine.#ip('route', 'add', 'default', 'via', here)
    return machine
  }

  /** Starts a program of Node there. Resolves when it has printed something. */
  async serve(program: string): Promise<void> {
    this.#program = spawn('ip', ['netns', 'exec', this.#space, process.execPath, '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (this.#program.stdout !== null) await once(this.#program.stdout, 'data')
  }

  /** What a program of Node prints there. */
  async ask(program: string): Promise<string> {
    const { stdout } = await run('ip', ['netns', 'exec', this.#space, process.execPath, '-e', program])
    return stdout
  }

  async remove(): Promise<void> {
    if (this.#program !== undefined) {
      this.#program.kill('SIGKILL')
      await once(this.#program, 'exit')
    }
    await run('ip', ['netns', 'del', this.#space])
    await run('ip', ['link', 'del', 'grtest0']).catch(() => undefined)
  }

  #ip(...words: readonly string[]) {
    return run('ip', ['-n', this.#space, ...words])
  }
}
