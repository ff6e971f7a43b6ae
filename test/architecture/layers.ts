/** What a backend and a running batch are, without any home: the words in which the other parts speak of them. */
const backendContract = [
  'backend',
  'batch-status',
  'job-status',
  'resource-usage',
  'run-options',
  'running-batch',
  'running-job',
].map((name) => `client/src/backends/${name}.ts`)

/** A batch that was given no backend asks for one when it runs. */
const chosenBackend = 'client/src/backends/default-backend.ts'

/**
 * Which part may import which. A part is a folder, or a single file where it is named; a file belongs to the longest
 * part that it lies in. A part may always import itself.
 */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  'client/src/model': [],
  'client/src/kernel': ['client/src/model'],
  'client/src/engine': ['client/src/model', 'client/src/kernel', 'client/src/storage'],
  'client/src/storage': ['client/src/model'],
  'client/src/google': ['client/src/model', 'client/src/engine'],
  'client/src/execution': [
    'client/src/model',
    'client/src/storage',
    'client/src/values',
    'client/src/closure/restore.ts',
  ],
  'client/src/compile': ['client/src/model'],
  'client/src/errors': ['client/src/model', ...backendContract],
  'client/src/values': [],
  'client/src/closure': ['client/src/values', 'client/src/errors'],
  'client/src/dsl': [
    'client/src/model',
    'client/src/compile',
    'client/src/errors',
    'client/src/values',
    'client/src/closure',
    ...backendContract,
    chosenBackend,
  ],
  'client/src/submission': [
    'client/src/model',
    'client/src/compile',
    'client/src/kernel',
    'client/src/engine',
    'client/src/storage',
    'client/src/errors',
  ],
  'client/src/backends': [
    'client/src/model',
    'client/src/kernel',
    'client/src/engine',
    'client/src/storage',
    'client/src/google',
    'client/src/execution',
    'client/src/compile',
    'client/src/errors',
    'client/src/submission',
    'client/src/values',
    'client/src/dsl',
  ],
  'client/src/executor': [
    'client/src/model',
    'client/src/values',
    'client/src/errors',
    'client/src/dsl',
    ...backendContract,
    'client/src/backends/batch-control.ts',
  ],
  'client/src/merging': ['client/src/errors', 'client/src/dsl'],
  'client/src/images': ['client/src/execution'],
  'client/src/python-image': ['client/src/model', 'client/src/errors', 'client/src/execution', 'client/src/images'],
  'client/src/index.ts': [
    'client/src/model',
    'client/src/errors',
    'client/src/dsl',
    'client/src/executor',
    'client/src/merging',
    'client/src/python-image',
    'client/src/backends',
  ],
  'client/src/cli': [
    'client/src/model',
    'client/src/errors',
    'client/src/backends',
    'client/src/images',
    'client/src/execution/container/connect-docker.ts',
    'client/src/index.ts',
  ],
  'functions/src': [
    'client/src/model',
    'client/src/kernel',
    'client/src/engine',
    'client/src/google',
    'client/src/storage',
    'client/src/submission',
  ],
  'worker-vm/src': ['client/src/model', 'client/src/storage', 'client/src/execution'],
}

/** Parts that run anywhere: all that they import from outside. */
export const pureParts: Readonly<Record<string, readonly string[]>> = {
  'client/src/model': ['zod'],
  'client/src/kernel': [],
  'client/src/compile': [],
  'client/src/values': ['node:util'],
}

const isIn = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`)

/** The part that a file belongs to; undefined if it has no place yet. */
export const partOf = (path: string): string | undefined =>
  Object.keys(allowedImports)
    .filter((part) => isIn(path, part))
    .sort((left, right) => right.length - left.length)[0]

export function mayImport(from: string, to: string): boolean {
  const part = partOf(from)
  if (part === undefined) return false
  return partOf(to) === part || (allowedImports[part] ?? []).some((allowed) => isIn(to, allowed))
}
