import { readConfig } from './config.ts'
import { runAgent } from './run-agent.ts'

// The machine ends with its agent: whatever started it powers off when this program exits.
try {
  await runAgent(readConfig(process.env), process.env)
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
