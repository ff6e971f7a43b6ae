import { LocalBackend } from 'graupel'
import { describeBashJobs } from '../../suites/bash-jobs.ts'

describeBashJobs({ name: 'LocalBackend', open: async () => new LocalBackend({ cpus: 2 }) })
