// Calls functions of a program that is elsewhere: those of one request (`node call-runner.cjs request.json`), or
// without one, those of a request after the other from file descriptor 3.
import './require-node.ts'
import { runOnce } from './run-once.ts'
import { serveRequests } from './serve-requests.ts'

// Functions see the arguments of a program without any.
const [request] = process.argv.splice(2)
process.setSourceMapsEnabled(true)

if (request === undefined) serveRequests()
else void runOnce(request)
