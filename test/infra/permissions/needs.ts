/** Why somebody may do something: a call in the code, or something that Google does on our behalf. */
export type Need = {
  /** Who may: identities of the module, or `submitters`. */
  readonly by: readonly string[]
  /** `permission on what`, as the module's targets are called. */
  readonly needs: readonly string[]
} & ({ readonly file: string; readonly call: string } | { readonly because: string })

const every = ['api', 'kernel', 'provision', 'sweep', 'submitters']
const creators = ['api', 'kernel', 'provision', 'submitters']
const stagers = ['api', 'submitters', 'worker']

const onDocuments = (...verbs: string[]) => verbs.map((verb) => `datastore.entities.${verb} on graupel database`)
const onFiles = (...verbs: string[]) => verbs.map((verb) => `storage.objects.${verb} on bucket batches`)
const onOutputs = (...verbs: string[]) => verbs.map((verb) => `storage.objects.${verb} on bucket my-outputs`)
const onInputs = (...verbs: string[]) => verbs.map((verb) => `storage.objects.${verb} on bucket my-inputs`)
const onProject = (...permissions: string[]) => permissions.map((permission) => `compute.${permission} on the project`)
const publishing = ['pubsub.topics.publish on topic lane']
const removal = ['compute.instances.delete on graupel machines']
const asTasks = 'iam.serviceAccounts.actAs on service account tasks'
const taskOn = (queue: string) => [`cloudtasks.tasks.create on queue ${queue}`, asTasks]
const nothing: readonly string[] = []

const documents: readonly Need[] = [
  { file: 'client/src/google/firestore-store.ts', call: 'getAll', by: every, needs: onDocuments('get') },
  { file: 'client/src/google/firestore-store.ts', call: 'get', by: every, needs: onDocuments('get', 'list') },
  { file: 'client/src/google/firestore-store.ts', call: 'create', by: creators, needs: onDocuments('create') },
  { file: 'client/src/google/firestore-store.ts', call: 'set', by: creators, needs: onDocuments('create', 'update') },
  { file: 'client/src/google/firestore-store.ts', call: 'update', by: every, needs: onDocuments('update') },
  { file: 'client/src/google/firestore-store.ts', call: 'delete', by: ['kernel'], needs: onDocuments('delete') },
  { file: 'client/src/google/firestore-projection.ts', call: 'getAll', by: ['kernel'], needs: onDocuments('get') },
  {
    file: 'client/src/google/firestore-projection.ts',
    call: 'set',
    by: ['kernel'],
    needs: onDocuments('create', 'update'),
  },
  { file: 'client/src/google/firestore-projection.ts', call: 'create', by: ['kernel'], needs: onDocuments('create') },
  { file: 'client/src/google/firestore-projection.ts', call: 'update', by: ['kernel'], needs: onDocuments('update') },
  { file: 'client/src/google/watch.ts', call: 'onSnapshot', by: ['submitters'], needs: onDocuments('get', 'list') },
]

const messages: readonly Need[] = [
  { file: 'client/src/google/pubsub-event-bus.ts', call: 'publishMessage', by: every, needs: publishing },
  {
    file: 'worker-vm/src/service-client.ts',
    call: 'publishMessage',
    by: ['worker'],
    needs: ['pubsub.topics.publish on topic lane-workers'],
  },
  {
    file: 'worker-vm/src/service-client.ts',
    call: 'fetch',
    by: ['worker'],
    needs: ['run.routes.invoke on function kernel'],
  },
  {
    file: 'worker-vm/src/token-server/iam-credentials.ts',
    call: 'fetch',
    by: ['worker'],
    needs: ['getAccessToken', 'getOpenIdToken'].map((verb) => `iam.serviceAccounts.${verb} on service account job`),
  },
  // The machine's own metadata server, and a callback's address, which is anybody's.
  { file: 'worker-vm/src/metadata.ts', call: 'fetch', by: [], needs: nothing },
  { file: 'client/src/engine/post-json.ts', call: 'fetch', by: [], needs: nothing },
]

const tasks: readonly Need[] = [
  { file: 'functions/src/tasks/cloud-tasks-queue.ts', call: 'createTask', by: [], needs: nothing },
  // Only the emulated service makes queues.
  { file: 'functions/src/tasks/cloud-tasks-client.ts', call: 'createQueue', by: [], needs: nothing },
  { file: 'client/src/engine/announcer.ts', call: 'tasks.enqueue', by: ['kernel'], needs: taskOn('provision') },
  { file: 'client/src/engine/batch-model.ts', call: 'tasks.enqueue', by: ['kernel'], needs: taskOn('sweep') },
  { file: 'client/src/engine/provision.ts', call: 'tasks.enqueue', by: ['provision'], needs: taskOn('provision') },
  { file: 'client/src/engine/sweep.ts', call: 'tasks.enqueue', by: ['sweep'], needs: taskOn('sweep') },
]

const machines: readonly Need[] = [
  {
    file: 'client/src/engine/provision.ts',
    call: 'fleet.launch',
    by: ['provision'],
    needs: [
      ...onProject('disks.create', 'instanceTemplates.useReadOnly', 'instances.create', 'instances.setLabels'),
      ...onProject('instances.setMetadata', 'instances.setServiceAccount', 'regionOperations.get'),
      'compute.subnetworks.use on subnetwork',
      'iam.serviceAccounts.actAs on service account worker',
    ],
  },
  {
    file: 'client/src/engine/look-at-pool.ts',
    call: 'fleet.list',
    by: ['provision'],
    needs: onProject('instances.list'),
  },
  {
    file: 'functions/src/compute/google-compute-api.ts',
    call: 'capacity',
    by: ['provision'],
    needs: onProject('advice.capacity'),
  },
  // What the fleet does for the calls above.
  ...['bulkInsert', 'delete', 'get'].map((call) => ({
    file: 'functions/src/compute/google-compute-api.ts',
    call,
    by: [],
    needs: nothing,
  })),
  { file: 'functions/src/compute/list-instances.ts', call: 'request', by: [], needs: nothing },
  // A person runs it, with a key of their own.
  { file: 'functions/src/compute/prices/fetch-prices.ts', call: 'fetch', by: [], needs: nothing },
  { file: 'client/src/engine/provision.ts', call: 'fleet.remove', by: ['provision'], needs: removal },
  { file: 'client/src/engine/sweep.ts', call: 'fleet.list', by: ['sweep'], needs: onProject('instances.list') },
  { file: 'client/src/engine/lost-workers.ts', call: 'fleet.remove', by: ['sweep'], needs: removal },
  { file: 'client/src/engine/orphaned-machines.ts', call: 'fleet.remove', by: ['sweep'], needs: removal },
]

/** To write over an object takes the right to delete it. */
const files: readonly Need[] = [
  { file: 'client/src/storage/gcs-object-store.ts', call: 'getMetadata', by: stagers, needs: onFiles('get') },
  { file: 'client/src/storage/gcs-object-store.ts', call: 'save', by: stagers, needs: onFiles('create', 'delete') },
  ...['createWriteStream', 'save'].map(
    (call): Need => ({
      file: 'client/src/storage/gcs-upload.ts',
      call,
      by: ['submitters', 'worker'],
      needs: onFiles('create', 'delete'),
    }),
  ),
  {
    file: 'client/src/storage/gcs-upload.ts',
    call: 'combine',
    by: ['submitters', 'worker'],
    needs: onFiles('create', 'delete', 'get'),
  },
  { file: 'client/src/storage/gcs-upload.ts', call: 'delete', by: ['submitters', 'worker'], needs: onFiles('delete') },
  {
    file: 'client/src/storage/gcs-object-store.ts',
    call: 'delete',
    by: ['api', 'kernel', 'worker'],
    needs: onFiles('delete'),
  },
  { file: 'client/src/storage/gcs-read.ts', call: 'createReadStream', by: stagers, needs: onFiles('get') },
  { file: 'client/src/storage/gcs-read.ts', call: 'createReadStream', by: ['worker'], needs: onInputs('get') },
  { file: 'client/src/storage/gcs-list.ts', call: 'getFiles', by: [...stagers, 'kernel'], needs: onFiles('list') },
  { file: 'client/src/storage/gcs-list.ts', call: 'getFiles', by: ['worker'], needs: onInputs('list') },
  {
    file: 'client/src/storage/gcs-rewrite.ts',
    call: 'request',
    by: ['worker'],
    needs: [...onFiles('get'), ...onOutputs('create', 'delete', 'get', 'list')],
  },
  { file: 'client/src/engine/batch-acts.ts', call: 'objects.list', by: ['kernel'], needs: onFiles('list') },
  { file: 'client/src/engine/batch-acts.ts', call: 'objects.delete', by: ['kernel'], needs: onFiles('delete') },
  {
    file: 'client/src/engine/logs/locate-log.ts',
    call: 'objects.list',
    by: ['api', 'submitters'],
    needs: onFiles('list'),
  },
  {
    file: 'client/src/engine/logs/locate-log.ts',
    call: 'objects.read',
    by: ['api', 'submitters'],
    needs: onFiles('get'),
  },
  { file: 'client/src/engine/logs/follow-log.ts', call: 'objects.read', by: ['submitters'], needs: onFiles('get') },
  {
    file: 'client/src/engine/logs/follow-log.ts',
    call: 'objects.write',
    by: ['submitters'],
    // The mark of a follower is written anew again and again.
    needs: onFiles('create', 'delete'),
  },
  {
    file: 'client/src/engine/logs/read-usage.ts',
    call: 'objects.read',
    by: ['api', 'submitters'],
    needs: onFiles('get'),
  },
  { file: 'functions/src/api/submit/drafts.ts', call: 'objects.write', by: ['api'], needs: onFiles('create') },
  { file: 'functions/src/api/submit/drafts.ts', call: 'objects.list', by: ['api'], needs: onFiles('list') },
  { file: 'functions/src/api/submit/drafts.ts', call: 'objects.read', by: ['api'], needs: onFiles('get') },
  { file: 'functions/src/api/submit/drafts.ts', call: 'objects.delete', by: ['api'], needs: onFiles('delete') },
]

const invocation = (name: string) => `run.routes.invoke on function ${name}`
const pull = 'artifactregistry.repositories.downloadArtifacts on repository'
const copies = "copies of the functions' sources"

/** What Google's services do in our name. */
const around: readonly Need[] = [
  {
    because: 'Cloud Run gives the kernel its key',
    by: ['kernel'],
    needs: ['secretmanager.versions.access on secret service-key'],
  },
  {
    because: 'Docker pulls images of jobs and of the agent',
    by: ['worker'],
    needs: [`${pull} images`, `${pull} docker-hub`],
  },
  {
    because: 'programs of jobs read and write by themselves',
    by: ['job'],
    needs: [...onInputs('get', 'list'), ...onOutputs('create', 'delete', 'get', 'list')],
  },
  {
    because: "people's calls count for the project that they name",
    by: ['submitters'],
    needs: ['serviceusage.services.use on the project'],
  },
  { because: 'people call the api', by: ['submitters'], needs: [invocation('api')] },
  {
    because: 'Pub/Sub pushes with a token of the pusher',
    by: ['Pub/Sub'],
    needs: ['iam.serviceAccounts.getOpenIdToken on service account pusher'],
  },
  {
    because: 'Pub/Sub moves what was given up to the dead letters',
    by: ['Pub/Sub'],
    needs: [
      'pubsub.topics.publish on topic dead-letters',
      'pubsub.subscriptions.consume on subscription lane-kernel',
      'pubsub.subscriptions.consume on subscription lane-workers-kernel',
      'pubsub.subscriptions.consume on subscription machines-sweep',
    ],
  },
  { because: 'Pub/Sub pushes to these', by: ['pusher'], needs: [invocation('kernel'), invocation('sweep')] },
  { because: 'Cloud Tasks calls these', by: ['tasks'], needs: [invocation('provision'), invocation('sweep')] },
  { because: 'Cloud Scheduler calls it', by: ['scheduler'], needs: [invocation('sweep')] },
  {
    because: 'Cloud Logging tells of machines',
    by: ['log sink'],
    needs: ['pubsub.topics.publish on topic machines'],
  },
  {
    because: 'Cloud Build makes images of the functions',
    by: ['build'],
    needs: [
      'artifactregistry.repositories.uploadArtifacts on repository functions',
      'logging.logEntries.create on the project',
      `storage.objects.get on ${copies}`,
      `storage.objects.list on ${copies}`,
      'storage.objects.get on bucket sources',
      'storage.objects.list on bucket sources',
    ],
  },
]

/** The one table of permissions: who may do what, and which call needs it. */
export const needs: readonly Need[] = [...documents, ...messages, ...tasks, ...machines, ...files, ...around]
