import { randomBytes } from 'node:crypto'
import { Firestore } from '@google-cloud/firestore'
import { PubSub } from '@google-cloud/pubsub'
import { inject } from 'vitest'

const emulators = inject('emulators')

/** Why the tests of a file cannot run here, or false. */
export const emulatorsMissing: string | false = 'missing' in emulators ? emulators.missing : false

/** Empty, and nobody else's: much cheaper than clearing what another test left. */
export const freshProject = (): string => `test-${randomBytes(6).toString('hex')}`

function hosts() {
  if ('missing' in emulators) throw new Error(emulators.missing)
  return emulators
}

export function connectFirestore(projectId: string): Firestore {
  const [host = '', port = ''] = hosts().firestoreHost.split(':')
  return new Firestore({
    projectId,
    host: `${host}:${port}`,
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  })
}

export function connectPubSub(projectId: string): PubSub {
  return new PubSub({ projectId, apiEndpoint: hosts().pubsubHost, emulatorMode: true })
}
