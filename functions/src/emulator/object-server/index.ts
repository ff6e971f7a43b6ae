export { type ObjectServer, type ObjectServerOptions, startObjectServer } from './start-object-server.ts'
