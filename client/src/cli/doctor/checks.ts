import { apiChecks, firstApis, neededApis } from './api-checks.ts'
import type { Check, Subject } from './check.ts'
import { deployPermissionChecks, submitPermissionChecks } from './permission-checks.ts'
import { projectChecks } from './project-checks.ts'
import { quotaChecks } from './quota-checks.ts'
import { serviceChecks } from './service-checks.ts'

/** What must be so before `graupel deploy` begins. */
export const checksBeforeDeploying = (): readonly Check[] => [
  ...projectChecks,
  ...apiChecks(firstApis),
  ...deployPermissionChecks(),
]

/** What must be so for batches to run. */
export const checksOfService = ({ machines }: Subject): readonly Check[] => [
  ...projectChecks,
  ...apiChecks(neededApis),
  ...quotaChecks(machines),
  ...submitPermissionChecks,
  ...serviceChecks,
]
