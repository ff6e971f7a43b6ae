import { CloudTasksClient, type protos } from '@google-cloud/tasks'
import { credentials } from '@grpc/grpc-js'
import { isNameTaken } from './cloud-tasks-errors.ts'

export interface CloudTasksClientOptions {
  readonly project: string
  /** `host:port` of a server without encryption. Default: Google's. */
  readonly host?: string | undefined
}

/** The real client library. Whoever makes one closes it. */
export function makeCloudTasksClient({ project, host }: CloudTasksClientOptions): CloudTasksClient {
  if (host === undefined) return new CloudTasksClient({ projectId: project })
  const at = host.lastIndexOf(':')
  return new CloudTasksClient({
    projectId: project,
    servicePath: host.slice(0, at),
    port: Number(host.slice(at + 1)),
    sslCreds: credentials.createInsecure(),
    // Or the library asks the network for a metadata server, whose answer it would not use.
    clientOptions: { universeDomain: 'googleapis.com' },
  })
}

/** Makes the queue if it is not there; one that is stays as it is. */
export async function ensureQueue(
  client: CloudTasksClient,
  name: string,
  settings: Omit<protos.google.cloud.tasks.v2.IQueue, 'name'> = {},
): Promise<void> {
  try {
    const parent = name.slice(0, name.lastIndexOf('/queues/'))
    await client.createQueue({ parent, queue: { ...settings, name } })
  } catch (error) {
    if (!isNameTaken(error)) throw error
  }
}
