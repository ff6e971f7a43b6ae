import { LocalBackend } from 'graupel'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { describeFunctionJobs } from '../../suites/function-jobs.ts'

const makeFolder = useTemporaryFolders()

describeFunctionJobs({
  name: 'LocalBackend',
  open: async () => new LocalBackend({ cpus: 2, tmpDir: await makeFolder() }),
})
