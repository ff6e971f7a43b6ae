import { Firestore } from '@google-cloud/firestore'
import { PubSub } from '@google-cloud/pubsub'
import type { FunctionsConfig } from './config.ts'

type Place = Pick<FunctionsConfig, 'project' | 'servers'>

export function connectFirestore({ project, database, servers }: Place & Pick<FunctionsConfig, 'database'>): Firestore {
  const host = servers.firestoreHost
  const local = host === undefined ? {} : { host, ssl: false, customHeaders: { Authorization: 'Bearer owner' } }
  return new Firestore({ projectId: project, databaseId: database, ...local })
}

export function connectPubSub({ project, servers }: Place): PubSub {
  const host = servers.pubsubHost
  return new PubSub({ projectId: project, ...(host === undefined ? {} : { apiEndpoint: host, emulatorMode: true }) })
}
