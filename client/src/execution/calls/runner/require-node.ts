// The first that runs, in whatever Node an image has: nothing here may be newer than Node 14.
import { writeFileSync } from 'node:fs'
import { endFileOf } from './end-file.ts'

const leastMajor = 22

const [, , request] = process.argv
if (Number.parseInt(process.versions.node, 10) < leastMajor && request !== undefined) {
  writeFileSync(endFileOf(request), JSON.stringify({ kind: 'outdated', version: process.versions.node }))
  process.exit(1)
}
