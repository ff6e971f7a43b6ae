import { startObjectServer } from '@graupel/functions/emulator/object-server/start-object-server'

// The object server of staging.ts, in a process of its own. It ends with the benchmark.
const { url } = await startObjectServer({ folder: process.argv[2] ?? '', buckets: ['bench'] })
process.send?.(url)
process.once('disconnect', () => process.exit())
