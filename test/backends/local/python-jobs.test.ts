import { LocalBackend } from 'graupel'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { describePythonJobs } from '../../suites/python-jobs.ts'

const makeFolder = useTemporaryFolders()

describePythonJobs({
  name: 'LocalBackend',
  open: async () => new LocalBackend({ cpus: 2, tmpDir: await makeFolder() }),
})
