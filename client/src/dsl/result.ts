import { inspect } from './inspect.ts'
import { draftOf, type Job } from './job.ts'
import { assertOpen } from './job-draft.ts'
import { JobResourceFile } from './job-resource-file.ts'
import { Resource, type ResourceScope } from './resource.ts'
import { misplacedToken } from './token.ts'

/** Which call of which job a result comes from. */
export interface CallPlace {
  readonly job: Job
  /** The call's place among those of its job, 1…n. */
  readonly call: number
  /** The function's name, for people. */
  readonly functionName: string
  /** Whether its value stays when the run's files go: then the program, and later runs, can ask for it. */
  readonly outlivesRun: boolean
}

/** The forms in which a result is stored. */
export type ResultForm = 'value' | 'json' | 'text' | 'repr'

const extensionOf: Readonly<Record<ResultForm, string>> = {
  value: '.value',
  json: '.json',
  text: '.txt',
  repr: '.repr.txt',
}

const valueNames = new WeakMap<JobResourceFile, string>()

let readPlace: (result: Result) => CallPlace
let readFile: (result: Result, form: ResultForm) => JobResourceFile
let readForms: (result: Result) => ReadonlyMap<ResultForm, JobResourceFile>

/**
 * What a function returned in a job. Other calls get it as the value; commands and destinations get one of its files.
 *
 * @example
 * ```ts
 * import { Batch, type Result } from 'graupel'
 *
 * const batch = new Batch()
 * const result: Result = batch.newFunctionJob().call(() => ({ answer: 42 }))
 * batch.newJob().command`cat ${result.asJson()}`
 * ```
 */
export abstract class Result extends Resource {
  readonly #place: CallPlace
  readonly #scope: ResourceScope
  readonly #files = new Map<ResultForm, JobResourceFile>()

  static {
    readPlace = (result) => result.#place
    readFile = (result, form) => result.#file(form)
    readForms = (result) => result.#files
  }

  constructor(scope: ResourceScope, place: CallPlace) {
    super(scope)
    this.#scope = scope
    this.#place = place
  }

  override source(): Job {
    return this.#place.job
  }

  /**
   * The result as a file of JSON, ending in a new line. The job fails if JSON has no word for it.
   *
   * @example `batch.writeOutput(result.asJson(), 'result.json')`
   * @throws InvalidBatchError if the job has been submitted and nobody had asked for the file before
   */
  asJson(): JobResourceFile {
    return this.#file('json')
  }

  /**
   * The result as a file of text, ending in a new line: what `String(value)` gives, or `str(value)` in Python.
   *
   * @throws InvalidBatchError as `asJson` does
   */
  asStr(): JobResourceFile {
    return this.#file('text')
  }

  /**
   * The result as its language shows it to a programmer, ending in a new line: `util.inspect`, or `repr` in Python.
   *
   * @throws InvalidBatchError as `asJson` does
   */
  asRepr(): JobResourceFile {
    return this.#file('repr')
  }

  /** For mistakes: a result in a command is refused by this text. */
  override toString(): string {
    return misplacedToken('result')
  }

  override [inspect](): string {
    const { job, functionName } = this.#place
    const { name, number } = draftOf(job)
    return `${this.constructor.name}(${name ?? number} › ${functionName})`
  }

  #file(form: ResultForm): JobResourceFile {
    const made = this.#files.get(form)
    if (made !== undefined) return made
    const { job, call, functionName, outlivesRun } = this.#place
    if (form !== 'value') assertOpen(draftOf(job), 'asking for a file of its result')
    else if (!outlivesRun) assertOpen(draftOf(job), 'passing its result on for the first time')
    const path = `.result-${call}${extensionOf[form]}`
    const name = `result ${call} of '${functionName}' as ${form}`
    const file = new JobResourceFile(this.#scope, { job, name, path, isMember: false })
    this.#files.set(form, file)
    if (form === 'value' && outlivesRun) valueNames.set(file, nameOfResult(this))
    return file
  }
}

export const placeOfResult = (result: Result): CallPlace => readPlace(result)

/** The file in which calls of the same language find the value. */
export const valueFileOf = (result: Result): JobResourceFile => readFile(result, 'value')

/** The files that somebody asked for so far. */
export const filesOfResult = (result: Result): ReadonlyMap<ResultForm, JobResourceFile> => readForms(result)

/** The name under which a run keeps a value, if the file is one. */
export const nameOfValue = (file: JobResourceFile): string | undefined => valueNames.get(file)

/** The name under which a run keeps a result's value: one per call of the job. */
export const nameOfResult = (result: Result): string => String(readPlace(result).call)
