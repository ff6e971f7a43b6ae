import { LocalBackend } from 'graupel'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'
import { describeBashJobs } from '../../suites/bash-jobs.ts'

const makeFolder = useTemporaryFolders()

describeBashJobs({
  name: 'LocalBackend',
  open: async () => new LocalBackend({ cpus: 2, tmpDir: await makeFolder() }),
})
