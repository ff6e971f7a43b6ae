import { isUtf8 } from 'node:buffer'
import { constants, mkdirSync, symlinkSync } from 'node:fs'
import { chmod, cp, mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { Link } from '../../model/index.ts'
import { atOnce, type ObjectInfo, type ObjectStore, schemeOf } from '../../storage/index.ts'
import { AttemptFault } from '../attempt/attempt-fault.ts'
import { inspectOutput } from './inspect-output.ts'
import { KnownFiles, removeIfThere } from './known-files.ts'
import { copyOpen, openOutput, pathOfOpen } from './open-output.ts'
import { openToAll, openUpTo } from './open-to-all.ts'
import { allow, makeOwn } from './own-files.ts'
import { type LinkRule, realRule, resolveOutput } from './resolve-output.ts'
import type { FoundOutput, StagedObject, StageOutOptions } from './sandbox.ts'

const privately = { mode: 0o700 }

export interface HostFolderOptions {
  /** The attempt's own folder: everything of it lies below, and goes with it. */
  readonly folder: string
  readonly objects: ObjectStore
  /** Local inputs are linked to, or copied where the commands cannot follow a link out of the folder. */
  readonly localInputs: 'link' | 'copy'
  readonly links: LinkRule
  /**
   * The commands may be another user than this process, so folders made here can be written by all. Nobody else reaches
   * them: the attempt's own folder is this user's alone. Default false.
   */
  readonly isForAnyUser?: boolean | undefined
  /**
   * The commands may write to read-only files, as the superuser may: so none of theirs is a link to what others read,
   * too. Default: this process is the superuser's, or `isForAnyUser`.
   */
  readonly ignoresPermissions?: boolean | undefined
}

/** One attempt's files on this machine. */
export class HostFolder {
  /** What the commands see as `BATCH_TMPDIR`. */
  readonly files: string
  readonly #options: HostFolderOptions
  readonly #known: KnownFiles
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(options: HostFolderOptions) {
    this.#options = options
    this.files = join(options.folder, 'files')
    this.#known = new KnownFiles(options.folder)
  }

  /** An agent that died in the same attempt may have left a folder. */
  async make(): Promise<void> {
    const { folder } = this.#options
    try {
      mkdirSync(folder, privately)
    } catch (error) {
      const code: unknown = Object(error).code
      if (code !== 'EEXIST' && code !== 'ENOENT') throw error
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true, ...privately })
    }
    mkdirSync(this.files)
    if (this.#options.isForAnyUser === true) await chmod(this.files, 0o777)
    this.#known.addFolder(this.files)
  }

  makeFolder(path: string): Promise<void> {
    return this.#track(this.#ensure(this.#place(path)))
  }

  async clearFolder(path: string): Promise<void> {
    const place = this.#place(path)
    await rm(place, { recursive: true, force: true })
    this.#known.forget(place)
    await this.#track(mkdir(place, { recursive: true }))
    this.#known.addFolder(place)
  }

  stageIn(object: StagedObject, path: string): Promise<void> {
    return this.#track(this.#stageIn(object, this.#place(path)))
  }

  stageLocal(source: string, path: string): Promise<'staged' | 'missing'> {
    return this.#track(this.#stageLocal(source, this.#place(path)))
  }

  placeText(text: string, path: string): Promise<void> {
    return this.#track(this.#placeText(text, this.#place(path)))
  }

  async link({ path, target }: Link): Promise<void> {
    const place = this.#place(path)
    this.#place(target)
    await this.#ensure(dirname(place))
    this.#symlink(posix.relative(posix.dirname(path), target), place)
  }

  async inspect(path: string): Promise<FoundOutput | undefined> {
    const place = this.#place(path)
    const { from, rule } = await this.#realRoot()
    const found = await inspectOutput(from, path, rule)
    if (found?.kind === 'file') this.#known.addFile(place)
    return found
  }

  async readText(path: string, maxBytes: number): Promise<string | undefined> {
    const { real } = await this.#resolve(path)
    if ((await atOnce.stat(real)).size > maxBytes) return undefined
    const bytes = await atOnce.read(real)
    return isUtf8(bytes) ? bytes.toString() : undefined
  }

  /** A file that a link leads to outside the folder is not the attempt's own: a store must not link to it. */
  async stageOut(path: string, uri: string, { mayChange = false }: StageOutOptions = {}): Promise<ObjectInfo> {
    const { folder, objects } = this.#options
    const { real, rule } = await this.#resolve(path)
    const isCopied = mayChange || !real.startsWith(`${folder}/`)
    // Links are made by path.
    if (!isCopied && (rule === 'anywhere' || schemeOf(uri) === 'file')) return objects.upload(real, uri)
    const copy = join(folder, `copy-${crypto.randomUUID()}`)
    const file = await openOutput({ real, path }, rule)
    try {
      // Where Docker does not answer, nobody knows that the commands have ended.
      if (!isCopied) return await objects.upload(pathOfOpen(file, real), uri)
      await copyOpen(file, copy)
      return await objects.upload(copy, uri)
    } finally {
      await file.close()
      await rm(copy, { force: true })
    }
  }

  /** What an aborted step still does behind our back is cleared away when it ends. */
  async remove(): Promise<void> {
    const clear = () => this.#clear()
    await clear()
    if (this.#underWay.size > 0) void Promise.allSettled(this.#underWay).then(clear, () => undefined)
  }

  /** Most jobs leave little but what is known here, which is gone much faster than it is found. */
  async #clear(): Promise<void> {
    if (await this.#known.removeAll()) return
    await rm(this.#options.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #stageIn({ uri, generation, isExecutable, isWritable }: StagedObject, place: string): Promise<void> {
    await this.#ensure(dirname(place))
    removeIfThere(place)
    this.#known.addFile(place)
    await this.#options.objects.download(uri, place, { generation })
    if (isWritable || this.#ignoresPermissions) await makeOwn(place)
    await allow(place, { isExecutable, isWritable, isForAnyUser: this.#options.isForAnyUser })
  }

  get #ignoresPermissions(): boolean {
    const { ignoresPermissions, isForAnyUser } = this.#options
    return ignoresPermissions ?? (isForAnyUser === true || process.getuid?.() === 0)
  }

  async #placeText(text: string, place: string): Promise<void> {
    await this.#ensure(dirname(place))
    removeIfThere(place)
    this.#known.addFile(place)
    await atOnce.write(place, text, { flag: 'wx', mode: 0o444 })
    if (this.#options.isForAnyUser === true) await chmod(place, 0o444)
  }

  async #stageLocal(source: string, place: string): Promise<'staged' | 'missing'> {
    const found = await stat(source).catch((error) => {
      if (Object(error).code === 'ENOENT' || Object(error).code === 'ENOTDIR') return undefined
      throw error
    })
    if (found === undefined) return 'missing'
    await this.#ensure(dirname(place))
    if (this.#options.localInputs === 'link') this.#symlink(source.replace(/(.)\/+$/, '$1'), place)
    else await this.#copyIn(source, place)
    return 'staged'
  }

  async #copyIn(source: string, place: string): Promise<void> {
    await cp(source, place, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE })
    if (this.#options.isForAnyUser === true) await openToAll(place)
  }

  async #resolve(path: string): Promise<{ readonly real: string; readonly rule: LinkRule }> {
    this.#place(path)
    const { from, rule } = await this.#realRoot()
    return { real: await resolveOutput({ from, way: path, path }, rule), rule }
  }

  async #realRoot(): Promise<{ readonly from: string; readonly rule: LinkRule }> {
    const rule = await realRule(this.#options.links)
    return { from: rule === 'anywhere' ? this.files : rule.hostRoot, rule }
  }

  #place(path: string): string {
    const place = join(this.files, path)
    if (place === this.files || place.startsWith(`${this.files}/`)) return place
    throw new AttemptFault('staging', `The path '${path}' leads out of the job's folder.`, { isLasting: true })
  }

  async #ensure(folder: string): Promise<void> {
    if (this.#known.hasFolder(folder)) return
    const first = mkdirSync(folder, { recursive: true })
    if (first !== undefined && this.#options.isForAnyUser === true) await openUpTo(folder, first)
    this.#known.addFolder(folder)
  }

  #symlink(target: string, place: string): void {
    symlinkSync(target, place)
    this.#known.addFile(place)
  }

  #track<T>(step: Promise<T>): Promise<T> {
    this.#underWay.add(step)
    const forget = () => this.#underWay.delete(step)
    step.then(forget, forget)
    return step
  }
}
