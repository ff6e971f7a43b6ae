import { readSources } from '../../architecture/source-files.ts'

/** Methods of Google's client libraries that make a request. A new one in the code must be named here and in the table. */
const requests = [
  ...['getAll', 'get', 'create', 'set', 'update', 'delete', 'onSnapshot', 'runTransaction', 'listCollections'],
  ...['publishMessage', 'createTopic', 'createSubscription', 'createTask', 'createQueue', 'getQueue', 'deleteTask'],
  ...[
    'getMetadata',
    'setMetadata',
    'save',
    'createWriteStream',
    'createReadStream',
    'combine',
    'getFiles',
    'request',
    'exists',
  ],
  ...['insert', 'bulkInsert', 'capacity', 'list', 'listAsync', 'aggregatedListAsync', 'setMachineType', 'wait'],
]

const usesGoogle = /from '(?:@google-cloud\/(?!functions-framework)|google-auth-library')/
/** The same words on maps, checksums and local files, by the names that the code gives those. */
const onOthers = /(?:#topics|stored|versions|checksum|target)\.(?:get|set|update|createWriteStream)\(/g
const onPorts = /\b(?:fleet\.(?:launch|list|remove)|objects\.\w+|tasks\.enqueue)(?=\()/g
const fetches = /(?<![.\w])fetch(?=\()/g

/** Every call in the deployed code that somebody must be allowed to make: `file: call`, sorted. */
export function requestsInCode(): string[] {
  const folders = ['client/src/google', 'client/src/storage', 'client/src/engine', 'functions/src', 'worker-vm/src']
  const files = folders
    .flatMap((folder) => readSources(folder))
    .filter(({ path }) => !/\/(?:memory[/-]|emulator\/)/.test(path))
  const found = files.flatMap(({ path, text }) =>
    callsIn(text, usesGoogle.test(text)).map((call) => `${path}: ${call}`),
  )
  return [...new Set(found)].sort()
}

function callsIn(text: string, isOfGoogle: boolean): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(onOthers, '')
  const ofPorts = [...code.matchAll(onPorts), ...code.matchAll(fetches)].map(([call]) => call)
  if (!isOfGoogle) return ofPorts
  const ofGoogle = [...code.matchAll(/\.(\w+)\(/g)]
    .map(([, name = '']) => name)
    .filter((name) => requests.includes(name))
  return [...ofPorts, ...ofGoogle]
}
