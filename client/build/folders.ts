import { join } from 'node:path'

const client = join(import.meta.dirname, '..')

/** Where everything lies that goes into the package, and where it comes from. */
export const folders = {
  client,
  repository: join(client, '..'),
  source: join(client, 'src'),
  dist: join(client, 'dist'),
  programs: join(client, 'dist/programs'),
  workerImage: join(client, 'dist/deploy/worker'),
  functionsSource: join(client, 'dist/deploy/functions'),
  infra: join(client, '../infra'),
  packedInfra: join(client, 'dist/deploy/infra'),
  cloudInit: join(client, '../worker-vm/image/cloud-init.yaml'),
  packedCloudInit: join(client, 'dist/deploy/cloud-init.yaml'),
} as const
