import { type Environment, readServiceConfiguration } from '../../backends/service/service-configuration.ts'

/** The project that is meant: an option beats the environment, which beats the user's file. @throws InvalidBatchError */
export const projectOf = (env: Environment, option: string | undefined): string =>
  readServiceConfiguration({ project: option, remoteTmpdir: 'gs://not-there' }, env).project
