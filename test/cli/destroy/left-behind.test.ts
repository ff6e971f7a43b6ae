import { expect, test } from 'vitest'
import { kinds } from '../../../client/src/cli/destroy/kinds.ts'
import { isOf } from '../../../client/src/cli/destroy/left-behind.ts'

const place = { project: 'my-project', prefix: 'graupel', region: 'us-central1' }
const isOurs = (kind: string, item: { name: string; displayName?: string; labels?: Record<string, string> }) => {
  const found = kinds.find((one) => one.kind === kind)
  if (found === undefined) throw new Error(`there is no kind ${kind}`)
  return isOf(item, found, place)
}

test.each([
  ['topic', { name: 'projects/p/topics/whatever', labels: { graupel: 'graupel' } }],
  [
    'service account',
    { name: 'projects/p/serviceAccounts/graupel-api@p.iam', displayName: 'graupel: the function api' },
  ],
  ['dashboard', { name: 'projects/1/dashboards/2', displayName: 'graupel' }],
  ['queue', { name: 'projects/p/locations/r/queues/graupel-sweep-a1b2' }],
  ['queue', { name: 'projects/p/locations/r/queues/graupel-provision' }],
  ['bucket', { name: 'my-project-graupel-state' }],
])('a %s of the deployment is known: %o', (kind, item) => {
  expect(isOurs(kind, item)).toBe(true)
})

test.each([
  ['topic', { name: 'projects/p/topics/graupel-lane-0' }],
  ['topic', { name: 'projects/p/topics/graupel-e2e-lane-0', labels: { graupel: 'graupel-e2e' } }],
  ['service account', { name: 'projects/p/serviceAccounts/graupel-e2e-api@p.iam', displayName: 'graupel-e2e: api' }],
  ['dashboard', { name: 'projects/1/dashboards/2', displayName: 'graupel-e2e' }],
  ['queue', { name: 'projects/p/locations/r/queues/graupel-e2e-sweep' }],
  ['bucket', { name: 'my-project-graupel-e2e-state' }],
])("a %s of another deployment is not taken for this one's: %o", (kind, item) => {
  expect(isOurs(kind, item)).toBe(false)
})
