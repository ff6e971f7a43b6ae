import fc from 'fast-check'

type Kind = 'data' | 'function' | 'class' | 'object' | 'instance' | 'list'

/** One random statement: what it is, and numbers that choose names and forms where it needs them. */
interface Seed {
  readonly form: number
  readonly picks: readonly number[]
}

const seed: fc.Arbitrary<Seed> = fc.record({
  form: fc.nat(99),
  picks: fc.array(fc.nat(999), { minLength: 24, maxLength: 24 }),
})

/** Programs of some statements; what is late is said at the end, when all has been captured. */
export const randomProgram: fc.Arbitrary<string> = fc
  .record({ seeds: fc.array(seed, { minLength: 4, maxLength: 14 }), late: fc.array(fc.nat(999), { maxLength: 1 }) })
  .map(({ seeds, late }) => new Program(seeds, late).write())

interface Name {
  readonly name: string
  readonly kind: Kind
  /** What an instance is an instance of. */
  readonly type?: string
}

class Program {
  readonly #seeds: readonly Seed[]
  readonly #late: readonly number[]
  readonly #names: readonly Name[]
  readonly #variables: string[] = []

  constructor(seeds: readonly Seed[], late: readonly number[]) {
    this.#seeds = seeds
    this.#late = late
    this.#names = seeds.map(({ form, picks }, index) => nameOf(form, index, picks, seeds))
  }

  write(): string {
    const statements = this.#seeds.map((one, index) => this.#statement(one, index))
    const assigned = this.#late.flatMap((pick) => {
      const name = this.#variables[pick % Math.max(1, this.#variables.length)]
      return name === undefined ? [] : [`${name} = 'late'`]
    })
    return [...statements, ...assigned].join('\n')
  }

  #statement({ picks }: Seed, index: number): string {
    const { name, kind, type } = this.#names[index] ?? { name: '', kind: 'data' }
    const choice = new Choice(picks, this.#names, index)
    const capture = choice.next(3) === 0 ? `\ncapture(() => ${choice.lazy('0')})` : ''
    return `${this.#declaration(name, kind, type, choice)}${capture}${kind === 'function' ? `\ncapture(${name})` : ''}`
  }

  #declaration(name: string, kind: Kind, type: string | undefined, choice: Choice): string {
    switch (kind) {
      case 'data':
        return this.#variable(name, choice)
      case 'function':
        return functionText(name, choice)
      case 'class':
        return classText(name, choice)
      case 'object':
        return objectText(name, choice)
      case 'instance':
        return `const ${name} = new ${type}()`
      case 'list':
        return loopText(name, choice)
      default:
        return kind satisfies never
    }
  }

  #variable(name: string, choice: Choice): string {
    const [first, second] = [choice.eager(), choice.eager()]
    const form = choice.next(6)
    if (form < 3) return `const ${name} = ${first}`
    this.#variables.push(name)
    if (form === 3) return `let ${name} = ${first}`
    if (form === 4) return `let ${name}\nif (${choice.next(2)}) ${name} = ${first}\nelse ${name} = ${second}`
    return `var ${name} = ${first}\n${name} = ${second}`
  }
}

function nameOf(form: number, index: number, picks: readonly number[], seeds: readonly Seed[]): Name {
  const classes = seeds.slice(0, index).flatMap((one, at) => (kindOf(one.form) === 'class' ? [`n${at}`] : []))
  const kind = kindOf(form)
  if (kind !== 'instance') return { name: `n${index}`, kind }
  const type = classes[(picks[0] ?? 0) % Math.max(1, classes.length)]
  return type === undefined ? { name: `n${index}`, kind: 'data' } : { name: `n${index}`, kind, type }
}

function kindOf(form: number): Kind {
  if (form < 30) return 'data'
  if (form < 62) return 'function'
  if (form < 74) return 'class'
  if (form < 84) return 'object'
  return form < 92 ? 'instance' : 'list'
}

/** Turns numbers into choices, one after the other. */
class Choice {
  readonly #picks: readonly number[]
  readonly #names: readonly Name[]
  readonly #index: number
  #at = 0

  constructor(picks: readonly number[], names: readonly Name[], index: number) {
    this.#picks = picks
    this.#names = names
    this.#index = index
  }

  next(count: number): number {
    return (this.#picks[this.#at++ % this.#picks.length] ?? 0) % count
  }

  /** A class that is there already, or none. */
  parent(): string | undefined {
    const classes = this.#names.slice(0, this.#index).filter(({ kind }) => kind === 'class')
    return this.next(2) === 0 ? undefined : classes[this.next(Math.max(1, classes.length))]?.name
  }

  /** An expression that runs at once: it uses data that is there already. */
  eager(): string {
    const data = this.#names.slice(0, this.#index).filter(({ kind }) => kind === 'data')
    const name = data[this.next(Math.max(1, data.length))]?.name ?? '0'
    const other = data[this.next(Math.max(1, data.length))]?.name ?? '1'
    const forms = [
      `${this.next(9)}`,
      `[${name}, 'x', -0]`,
      `{ a: ${name}, b: [${other}] }`,
      `new Map([[${name}, ${other}]])`,
      `Object.freeze([${name}])`,
      name,
      `new Set([${name}, undefined])`,
      `new Date(${this.next(9)})`,
    ]
    return forms[this.next(forms.length)] ?? '0'
  }

  /** An expression that runs later: it uses everything, mostly what is there already. */
  lazy(depth: string): string {
    return `[${[0, 1].map(() => this.#use(depth)).join(', ')}]`
  }

  #use(depth: string): string {
    const end = this.next(5) === 0 ? this.#names.length : this.#index + 1
    const one = this.#names[this.next(end)]
    if (one === undefined) return '0'
    const { name, kind, type } = one
    const call = `(${depth} + 1)`
    const forms: Record<Kind, readonly string[]> = {
      data: [name, `${name} === ${this.#names.find((other) => other.kind === 'data')?.name ?? name}`, `typeof ${name}`],
      function: [`${name}${call}`, `${name}.name`, `${name}.extra`],
      class: [`new ${name}().value${call}`, `${name}.shared`, `${name}.hidden()`, `${name}.name`],
      object: [`${name}.method${call}`, `${name}.got`, `${name}.held`, `${name}.arrow${call}`],
      instance: [`${name}.value${call}`, `${name} instanceof ${type}`, `${name}.field`, `Object.keys(${name})`],
      list: [`${name}.map((one) => one${call})`, `${name}.length`],
    }
    return forms[kind][this.next(forms[kind].length)] ?? '0'
  }
}

const guard = (depth: string): string => `if (${depth} > 3) return 'deep'`

function functionText(name: string, choice: Choice): string {
  const body = `${guard('d')}\nreturn ${choice.lazy('d')}`
  switch (choice.next(6)) {
    case 0:
      return `function ${name}(d = 0) { ${body} }`
    case 1:
      return `const ${name} = (d = 0) => d > 3 ? 'deep' : ${choice.lazy('d')}`
    case 2:
      return `const ${name} = (() => {
  const inner = ${choice.eager()}
  let counted = 1
  counted += 1
  return (d = 0) => { ${guard('d')}; return [inner, counted, ${choice.lazy('d')}] }
})()`
    case 3:
      return `const ${name} = function again(d = 0, turn = 1) { ${guard('d')}; return turn > 0 ? again(d, turn - 1) : ${choice.lazy('d')} }`
    case 4:
      return `const ${name} = (d = 0) => { ${body} }\n${name}.extra = ${choice.eager()}`
    default:
      return `const ${name} = ((...outer) => {
  let state = 0
  ${choice.next(3) === 0 ? 'const step = () => { state++ }\n  step()' : 'state = outer.length'}
  return (d = 0) => { ${guard('d')}; return [state, outer, ${choice.lazy('d')}] }
})(${choice.eager()})`
  }
}

function classText(name: string, choice: Choice): string {
  const parent = choice.parent()
  const isPrivate = choice.next(3) === 0
  return `class ${name}${parent === undefined ? '' : ` extends ${parent}`} {
  static shared = ${choice.eager()}
  static #hidden = ${choice.eager()}
  static { this.made = ${choice.eager()} }
  ${isPrivate ? '#own = 5' : 'own = 5'}
  field = ${choice.eager()}
  static hidden() { return [${name}.#hidden, ${name}.made] }
  get [Symbol.toStringTag]() { return 'Named' }
  value(d = 0) { ${guard('d')}; return [this.field, this.${isPrivate ? '#own' : 'own'}${parent === undefined ? '' : ', super.value(d + 1)'}, ${choice.lazy('d')}] }
}`
}

const objectText = (name: string, choice: Choice): string => `const ${name} = {
  method(d = 0) { ${guard('d')}; return ${choice.lazy('d')} },
  get got() { return ${choice.lazy('3')} },
  held: ${choice.eager()},
  arrow: (d = 0) => d > 3 ? 'deep' : ${choice.lazy('d')},
}`

function loopText(name: string, choice: Choice): string {
  const heads = [
    'for (let i = 0; i < 3; i++)',
    'for (const i of [1, 2])',
    'for (let i in { a: 1, b: 2 })',
    'for (var i = 0; i < 2; i++)',
  ]
  const bodies = ['', 'const j = [i]; ', 'let j = 0; j += 1; ', 'i += 0; ']
  const [head, body] = [heads[choice.next(heads.length)], bodies[choice.next(bodies.length)] ?? '']
  // A constant cannot be assigned: that would be an error here and there.
  const safe = head?.includes('const i') && body.startsWith('i') ? '' : body
  return `const ${name} = []\n${head} { ${safe}${name}.push((d = 0) => d > 3 ? 'deep' : [i, ${safe.includes('j') ? 'j, ' : ''}${choice.lazy('d')}]) }`
}
