export { startTaskServer, type TaskServer, type TaskServerOptions } from './start-task-server.ts'
