import { LocalBackend } from 'graupel'
import { describe } from 'vitest'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { processDeaths, testDeaths, testImpossibleDestination, testVanishedInput } from '../suites/causes.ts'
import { useBench } from '../suites/home.ts'

const makeFolder = useTemporaryFolders()

describe('on LocalBackend', () => {
  const open = async () => new LocalBackend({ cpus: 2, tmpDir: await makeFolder() })
  const bench = useBench({ name: 'LocalBackend', open })
  testDeaths(bench, 'a job without image', processDeaths)
  testVanishedInput(bench)
  testImpossibleDestination(bench)
})
