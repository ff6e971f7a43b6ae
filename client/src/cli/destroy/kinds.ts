/** What of Google's lists is looked at, and where a deployment is known by. */
export interface Place {
  readonly project: string
  readonly prefix: string
  readonly region: string
}

/** A kind of thing that the Terraform module makes, and how it is listed. */
export interface Kind {
  readonly kind: string
  readonly service: string
  readonly path: (place: Place) => string
  /** What the answer calls the list. */
  readonly key: string
  readonly query?: (place: Place) => Readonly<Record<string, string>>
  /**
   * By what those of a deployment are known: its label, the title that begins with its prefix and a colon, or the very
   * names that the module gives. The prefix of one deployment may begin another's, so no beginning of a name will do.
   */
  readonly known: 'label' | 'title' | ((place: Place) => RegExp)
}

const inProject = (version: string, list: string) => (place: Place) => `/${version}/projects/${place.project}/${list}`
const inRegion = (version: string, list: string) => (place: Place) =>
  `/${version}/projects/${place.project}/locations/${place.region}/${list}`
/** A prefix has letters, digits and hyphens: none means anything else in a pattern. */
const named = (pattern: string) => (place: Place) => new RegExp(`^${place.prefix}${pattern}$`)
const bucketStem = ({ project, prefix }: Place): string => `${project.replaceAll(/[:.]/g, '-')}-${prefix}-`

export const functionNames = named('-(api|kernel-\\d+|provision|sweep)')

/** Everything that the module makes, as Google lists it. */
export const kinds: readonly Kind[] = [
  { kind: 'function', service: 'cloudfunctions', path: inRegion('v2', 'functions'), key: 'functions', known: 'label' },
  {
    kind: 'service',
    service: 'run',
    path: inRegion('v2', 'services'),
    key: 'services',
    known: functionNames,
  },
  { kind: 'topic', service: 'pubsub', path: inProject('v1', 'topics'), key: 'topics', known: 'label' },
  {
    kind: 'subscription',
    service: 'pubsub',
    path: inProject('v1', 'subscriptions'),
    key: 'subscriptions',
    known: 'label',
  },
  {
    kind: 'queue',
    service: 'cloudtasks',
    path: inRegion('v2', 'queues'),
    key: 'queues',
    known: named('-(provision|sweep)(-[a-z0-9]{4})?'),
  },
  {
    kind: 'scheduler job',
    service: 'cloudscheduler',
    path: inRegion('v1', 'jobs'),
    key: 'jobs',
    known: named('-sweep'),
  },
  { kind: 'secret', service: 'secretmanager', path: inProject('v1', 'secrets'), key: 'secrets', known: 'label' },
  {
    kind: 'service account',
    service: 'iam',
    path: inProject('v1', 'serviceAccounts'),
    key: 'accounts',
    known: 'title',
  },
  { kind: 'role', service: 'iam', path: inProject('v1', 'roles'), key: 'roles', known: 'title' },
  {
    kind: 'repository',
    service: 'artifactregistry',
    path: inRegion('v1', 'repositories'),
    key: 'repositories',
    known: 'label',
  },
  {
    kind: 'bucket',
    service: 'storage',
    path: () => '/storage/v1/b',
    key: 'items',
    query: (place) => ({ project: place.project, prefix: bucketStem(place) }),
    known: (place) => new RegExp(`^${bucketStem(place)}(batches|sources|state)$`),
  },
  {
    kind: 'network',
    service: 'compute',
    path: inProject('compute/v1', 'global/networks'),
    key: 'items',
    known: named(''),
  },
  {
    kind: 'template',
    service: 'compute',
    path: inProject('compute/v1', 'global/instanceTemplates'),
    key: 'items',
    known: named('-worker-(spot|standard)-[0-9a-f]{8}'),
  },
  { kind: 'database', service: 'firestore', path: inProject('v1', 'databases'), key: 'databases', known: named('') },
  { kind: 'sink', service: 'logging', path: inProject('v2', 'sinks'), key: 'sinks', known: named('-machines') },
  {
    kind: 'log exclusion',
    service: 'logging',
    path: inProject('v2', 'exclusions'),
    key: 'exclusions',
    known: named('-requests'),
  },
  {
    kind: 'alert',
    service: 'monitoring',
    path: inProject('v3', 'alertPolicies'),
    key: 'alertPolicies',
    known: 'title',
  },
  {
    kind: 'notification channel',
    service: 'monitoring',
    path: inProject('v3', 'notificationChannels'),
    key: 'notificationChannels',
    known: 'title',
  },
  {
    kind: 'dashboard',
    service: 'monitoring',
    path: inProject('v1', 'dashboards'),
    key: 'dashboards',
    known: 'title',
  },
]
