import { join } from 'node:path'
import { promisify } from 'node:util'
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { readProviderSchemas } from '../schema/provider-schemas.ts'
import { toWireSchemas } from './wire-schema.ts'

const providers = ['archive', 'google', 'time']

export interface StandInProvider {
  /** Makes Terraform ask this process instead of installing the providers. */
  readonly environment: Readonly<Record<string, string>>
  close(): void
}

/**
 * The providers, as far as Terraform asks them before it creates anything: their schemas. So `terraform validate` and
 * `terraform test` with mocks check the module as they do where the providers can be installed, but for the providers'
 * own rules about values.
 */
export async function startStandInProvider(): Promise<StandInProvider> {
  const server = new Server()
  server.addService(loadProviderService(), answersOf(toWireSchemas(readProviderSchemas())))
  const bind = promisify(server.bindAsync.bind(server))
  const port = await bind('127.0.0.1:0', ServerCredentials.createInsecure())
  const address = { Network: 'tcp', String: `127.0.0.1:${port}` }
  const reattach = { Protocol: 'grpc', ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: address }
  const all = Object.fromEntries(providers.map((name) => [`registry.terraform.io/hashicorp/${name}`, reattach]))
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify(all) },
    close: () => server.forceShutdown(),
  }
}

function loadProviderService(): ServiceDefinition {
  const definition = loadSync(join(import.meta.dirname, 'provider.proto'), { enums: String, defaults: true })
  // The loader types what it finds loosely; this name is a service's.
  return definition['tfplugin6.Provider'] as ServiceDefinition
}

function answersOf(schemas: object): Record<string, handleUnaryCall<object, object>> {
  const answer =
    (reply: object): handleUnaryCall<object, object> =>
    (_, callback) =>
      callback(null, reply)
  const nothing = answer({})
  return {
    GetProviderSchema: answer(schemas),
    ValidateProviderConfig: nothing,
    ValidateResourceConfig: nothing,
    ValidateDataResourceConfig: nothing,
    ConfigureProvider: nothing,
    StopProvider: nothing,
  }
}
