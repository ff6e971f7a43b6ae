import type { Environment } from '../../backends/service/service-configuration.ts'
import type { GoogleApi } from '../google/google-api.ts'
import { StateBucket } from '../google/state-bucket.ts'
import { type Choices, choicesSchema, stateBucketOf, workingFolder } from './deployment.ts'
import { readLocalChoices, type StatePlace, writeLocalChoices } from './working-copy.ts'

const choicesObject = 'choices.json'

/** Where a deployment is remembered: a bucket, so that everybody who deploys sees the same, or a folder of this machine. */
export interface Memory {
  readonly folder: string
  readonly state: StatePlace
  /** What was chosen the last time; `undefined` if nothing was deployed from here. */
  recall(): Promise<Choices | undefined>
  /** Makes the place where the state will be. */
  prepare(choices: Choices): Promise<void>
  remember(choices: Choices): Promise<void>
  /** Forgets the deployment: the state, too. */
  forget(): Promise<void>
}

export interface Deployment {
  readonly env: Environment
  readonly project: string
  readonly prefix: string
  readonly keepsStateHere: boolean
}

export function openMemory(api: GoogleApi, deployment: Deployment): Memory {
  const folder = workingFolder(deployment.env, deployment)
  return deployment.keepsStateHere
    ? folderMemory(folder)
    : bucketMemory(folder, new StateBucket(api, stateBucketOf(deployment)))
}

function folderMemory(folder: string): Memory {
  return {
    folder,
    state: { kind: 'folder' },
    recall: async () => choicesSchema.optional().parse(readLocalChoices(folder)),
    prepare: async () => undefined,
    remember: async (choices) => writeLocalChoices(folder, choices),
    forget: async () => undefined,
  }
}

function bucketMemory(folder: string, bucket: StateBucket): Memory {
  return {
    folder,
    state: { kind: 'bucket', bucket: bucket.name },
    recall: async () => choicesSchema.optional().parse(await bucket.read(choicesObject)),
    async prepare({ project, region }) {
      if (!(await bucket.exists())) await bucket.create(project, region)
    },
    remember: (choices) => bucket.write(choicesObject, choices),
    async forget() {
      if (await bucket.exists()) await bucket.remove()
    },
  }
}
