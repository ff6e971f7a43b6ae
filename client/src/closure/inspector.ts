import { type Debugger, type Runtime, Session } from 'node:inspector'

/** What the engine knows of a function object. */
export interface InspectedFunction {
  /** Undefined: the function has no text, it is native or bound. */
  readonly location: { readonly scriptId: string; readonly line: number; readonly column: number } | undefined
  /** The variables around it, innermost scope first. */
  readonly scopes: readonly InspectedScope[]
}

export interface InspectedScope {
  /** `Closure (name)`, `Block`, `Module`, `Script`, `Global` … */
  readonly description: string
  /** A copy of the scope's variables; those not initialised yet throw when read. */
  readonly object: object
}

export interface ScriptInfo {
  readonly text: string
  readonly url: string
  readonly isModule: boolean
  readonly sourceMapUrl: string
}

/** How objects go to the inspector and come back: as properties of an object that both sides know. */
interface Bridge {
  subject: unknown
  answer: unknown
}

const group = 'graupel'

/** The inspector of this very process; its requests are answered before they return. */
export class Inspector {
  readonly #session = new Session()
  readonly #bridge: Bridge = { subject: undefined, answer: undefined }
  readonly #bridgeId: string

  constructor() {
    this.#session.connect()
    const name = Symbol.for('graupel.inspector')
    Reflect.set(globalThis, name, this.#bridge)
    const found = this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression: `globalThis[Symbol.for('graupel.inspector')]`,
    })
    Reflect.deleteProperty(globalThis, name)
    this.#bridgeId = idOf(found.result)
  }

  inspect(subject: object): InspectedFunction {
    try {
      const { internalProperties = [] } = this.#propertiesOf(subject)
      const find = (name: string) => internalProperties.find((property) => property.name === name)?.value
      const [location, scopes] = [find('[[FunctionLocation]]'), find('[[Scopes]]')]
      return {
        location: location === undefined ? undefined : locationOf(location.value),
        scopes: scopes?.objectId === undefined ? [] : scopesOf(this.#fetch(scopes.objectId)),
      }
    } finally {
      this.#forget()
    }
  }

  /** The private properties of an object with their values, also of the classes that it derives from. */
  privatesOf(subject: object): { readonly name: string; readonly value: unknown }[] {
    try {
      const { privateProperties = [] } = this.#propertiesOf(subject)
      return privateProperties.flatMap(({ name, value }) =>
        value === undefined ? [] : [{ name, value: this.#valueOf(value) }],
      )
    } finally {
      this.#forget()
    }
  }

  /** A script's text; the debugger must be on for a moment, the first time for tens of milliseconds. */
  readScript(scriptId: string): ScriptInfo | undefined {
    let found: Omit<ScriptInfo, 'text'> | undefined
    this.#session.on('Debugger.scriptParsed', ({ params }) => {
      const { url, isModule = false, sourceMapURL: sourceMapUrl = '' } = params
      if (params.scriptId === scriptId) found = { url, isModule, sourceMapUrl }
    })
    this.#post('Debugger.enable', {})
    try {
      if (found === undefined) return undefined
      const { scriptSource: text } = this.#post<Debugger.GetScriptSourceReturnType>('Debugger.getScriptSource', {
        scriptId,
      })
      return { ...found, text }
    } finally {
      this.#post('Debugger.disable', {})
      this.#session.removeAllListeners('Debugger.scriptParsed')
    }
  }

  #propertiesOf(
    subject: object,
  ): Runtime.GetPropertiesReturnType & { privateProperties?: Runtime.PropertyDescriptor[] } {
    this.#bridge.subject = subject
    const { result } = this.#call('function () { return this.subject }')
    this.#bridge.subject = undefined
    return this.#post('Runtime.getProperties', { objectId: idOf(result), ownProperties: true })
  }

  #valueOf(remote: Runtime.RemoteObject): unknown {
    if (remote.objectId !== undefined) return this.#fetch(remote.objectId)
    if (remote.unserializableValue === undefined) return remote.value
    return remote.type === 'bigint'
      ? BigInt(remote.unserializableValue.slice(0, -1))
      : Number(remote.unserializableValue)
  }

  #fetch(objectId: string): unknown {
    this.#call('function (answer) { this.answer = answer }', [{ objectId }])
    const { answer } = this.#bridge
    this.#bridge.answer = undefined
    return answer
  }

  #call(functionDeclaration: string, args: Runtime.CallArgument[] = []): Runtime.CallFunctionOnReturnType {
    const objectId = this.#bridgeId
    return this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: args, objectGroup: group })
  }

  #forget(): void {
    this.#post('Runtime.releaseObjectGroup', { objectGroup: group })
  }

  #post<Answer>(method: string, params: object): Answer {
    let [answer, failure]: [unknown, Error | null] = [undefined, new Error(`the inspector did not answer ${method}`)]
    this.#session.post(method, params, (error, result) => {
      ;[answer, failure] = [result, error]
    })
    if (failure !== null) throw failure
    // The protocol says what each method answers.
    return answer as Answer
  }
}

function idOf({ objectId }: Runtime.RemoteObject): string {
  if (objectId === undefined) throw new Error('the inspector knows the object by no id')
  return objectId
}

function locationOf(value: unknown): InspectedFunction['location'] {
  // As the protocol has it: `Debugger.Location`.
  const { scriptId, lineNumber, columnNumber } = value as { scriptId: string; lineNumber: number; columnNumber: number }
  return { scriptId, line: lineNumber, column: columnNumber }
}

const scopesOf = (list: unknown): InspectedScope[] =>
  // The engine lists scopes in this form.
  Array.from(list as ArrayLike<InspectedScope>, ({ description, object }) => ({ description, object }))
