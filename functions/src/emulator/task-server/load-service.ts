import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type AnyDefinition, loadSync, type ServiceDefinition } from '@grpc/proto-loader'

/** Cloud Tasks' own interface, from the definitions that its client library carries. */
export function loadCloudTasksService(): ServiceDefinition {
  const definition = loadSync('google/cloud/tasks/v2/cloudtasks.proto', {
    includeDirs: ['@google-cloud/tasks', 'google-gax'].map(protosOf),
    longs: Number,
    enums: String,
    oneofs: true,
  })
  const service = definition['google.cloud.tasks.v2.CloudTasks']
  if (service === undefined || isMessage(service))
    throw new Error('the Cloud Tasks client carries no CloudTasks service')
  return service
}

function isMessage(definition: AnyDefinition): definition is Exclude<AnyDefinition, ServiceDefinition> {
  return 'format' in definition
}

/** A package's `exports` hide its root: its main file is inside, and the folder is looked for from there upwards. */
function protosOf(packageName: string): string {
  const tasksLibrary = createRequire(import.meta.url).resolve('@google-cloud/tasks')
  const main = createRequire(tasksLibrary).resolve(packageName)
  for (let folder = dirname(main); folder !== dirname(folder); folder = dirname(folder)) {
    const protos = join(folder, 'build/protos')
    if (existsSync(protos)) return protos
  }
  throw new Error(`${packageName} carries no protocol definitions: reinstall it`)
}
