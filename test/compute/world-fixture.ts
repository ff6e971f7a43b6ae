import type { ComputeFleetOptions } from '@graupel/functions/compute/compute-fleet'
import { priceTable } from '@graupel/functions/compute/prices/price-table'
import type { WorldSettings } from '@graupel/functions/emulator/compute-server/world-settings'
import { poolId } from 'graupel/model'

export const spotPool = poolId('spot')
export const zones = ['us-central1-a', 'us-central1-b']

export const settingsOf = (
  { now, after }: Pick<WorldSettings, 'now' | 'after'>,
  change: Partial<WorldSettings> = {},
): WorldSettings => ({
  project: 'project-1',
  regions: { 'us-central1': zones, 'us-east1': ['us-east1-b'] },
  templates: { spot: 'global/instanceTemplates/spot', standard: 'global/instanceTemplates/standard' },
  subnet: 'graupel',
  now,
  after,
  timing: { operationMs: 8000, bootMs: 20_000, deleteMs: 30_000, listLagMs: 3000 },
  ...change,
})

export const fleetOptions: Omit<ComputeFleetOptions, 'api'> = {
  project: 'project-1',
  prefix: 'graupel',
  subnet: 'graupel',
  templates: { spot: 'global/instanceTemplates/spot', standard: 'global/instanceTemplates/standard' },
  maxHours: 24,
  regions: ['us-central1', 'us-east1'],
  families: ['n2', 'n2d', 'e2'],
  cores: 16,
  diskGb: 100,
  diskImage: 'projects/cos-cloud/global/images/family/cos-stable',
  prices: priceTable,
}
