import type { Resource } from '../resource.ts'
import { isResourceFile, type ResourceFile } from '../resource-file.ts'
import { groupOf, membersOf, ResourceGroup } from '../resource-group.ts'

/** The group that a resource is, or is a member of. */
export function groupAround(resource: Resource): ResourceGroup | undefined {
  if (resource instanceof ResourceGroup) return resource
  return isResourceFile(resource) ? groupOf(resource) : undefined
}

/** The files to have in place where a resource is mentioned: of a group, or of one of its members, every member. */
export function filesOf(resource: Resource): ResourceFile[] {
  const group = groupAround(resource)
  if (group !== undefined) return [...membersOf(group).values()]
  return isResourceFile(resource) ? [resource] : []
}
