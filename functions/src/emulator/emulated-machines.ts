import { type FleetLimits, noLimits } from 'graupel/engine'
import type { FleetConfig } from '../fleet-config.ts'

/** Machines that are processes of this one: only their number is limited, unless more is asked for. */
export const emulatedMachines = (workers: number, limits: Partial<FleetLimits> = {}): FleetConfig => ({
  limits: { ...noLimits, pool: { machines: workers }, ...limits },
  onDemandAfterMs: undefined,
  templates: { spot: 'global/instanceTemplates/spot', standard: 'global/instanceTemplates/standard' },
  subnet: 'graupel',
  regions: ['local-1'],
  families: ['n2d', 'n2', 'e2'],
  cores: 16,
  diskGb: 100,
  diskImage: 'projects/cos-cloud/global/images/family/cos-stable',
  maxHours: 24,
  computeHost: undefined,
})
