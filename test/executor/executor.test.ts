import { LocalBackend } from 'graupel'
import { useTemporaryFolders } from '../storage/temporary-folder.ts'
import { describeExecutor } from '../suites/executor.ts'

const makeFolder = useTemporaryFolders()

describeExecutor({
  name: 'LocalBackend',
  open: async () => new LocalBackend({ cpus: 2, tmpDir: await makeFolder() }),
})
