import { z } from 'zod'
import { notUnderstood } from './compute-error.ts'

const empty = z.strictObject({})
const count = z.coerce.number().int().min(1).max(5000)
/** https://cloud.google.com/compute/docs/naming-resources (2026-11) */
const resourceName = z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
const label = z.string().regex(/^[-_a-z0-9]{0,63}$/)

/**
 * A bulk insertion as graupel writes it, and what the client library adds. A field that is not here is refused, as is
 * one that is not as safe as it must be: every machine ends by itself, and has no external address.
 */
const bodySchema = z.strictObject({
  count,
  minCount: count,
  sourceInstanceTemplate: z.string().min(1),
  perInstanceProperties: z.record(resourceName, z.strictObject({ name: resourceName })),
  locationPolicy: z.strictObject({ targetShape: z.literal('ANY'), locations: empty.optional() }),
  instanceFlexibilityPolicy: z
    .strictObject({
      instanceSelections: z.record(
        resourceName,
        z.strictObject({ rank: z.coerce.number().int(), machineTypes: z.array(z.string()).min(1) }),
      ),
    })
    .optional(),
  instanceProperties: z.strictObject({
    machineType: z.string().optional(),
    labels: z.record(label, label),
    networkInterfaces: z.array(z.strictObject({ subnetwork: z.string() })).length(1),
    scheduling: z.strictObject({
      instanceTerminationAction: z.literal('DELETE'),
      maxRunDuration: z.strictObject({ seconds: z.coerce.number().min(1) }),
      onHostMaintenance: z.enum(['TERMINATE']).optional(),
    }),
    guestAccelerators: z
      .array(z.strictObject({ acceleratorType: z.string(), acceleratorCount: z.coerce.number().int().min(1) }))
      .max(1)
      .optional(),
    disks: z
      .array(
        z.strictObject({
          boot: z.literal(true),
          autoDelete: z.literal(true),
          initializeParams: z.strictObject({
            sourceImage: z.string().startsWith('projects/'),
            diskSizeGb: z.coerce.number().int().min(10).max(65_536),
            diskType: z.literal('pd-balanced'),
            labels: empty.optional(),
            resourceManagerTags: empty.optional(),
          }),
        }),
      )
      .length(1)
      .optional(),
    resourceManagerTags: empty.optional(),
  }),
})

export interface Insertion {
  readonly names: readonly string[]
  readonly minCount: number
  /** The best first. */
  readonly machineTypes: readonly string[]
  readonly template: string
  readonly subnet: string
  readonly labels: Readonly<Record<string, string>>
  readonly maxRunMs: number
  /** Put into the machines, beside what comes with their type. */
  readonly accelerator: { readonly type: string; readonly count: number } | undefined
  /** Absent: the template's. */
  readonly diskGb: number | undefined
  readonly canMove: boolean
}

/** @throws ComputeError 400 if it is not what Compute Engine takes */
export function parseInsertion(body: unknown): Insertion {
  const parsed = bodySchema.safeParse(body)
  if (!parsed.success) throw notUnderstood(`the bulk insertion is not valid: ${z.prettifyError(parsed.error)}`)
  const { data } = parsed
  const names = Object.keys(data.perInstanceProperties)
  if (names.length !== data.count || data.minCount > data.count)
    throw notUnderstood(
      `${names.length} names and at least ${data.minCount} do not agree with a count of ${data.count}`,
    )
  const { machineType, labels, scheduling, networkInterfaces, guestAccelerators, disks } = data.instanceProperties
  const [attached] = guestAccelerators ?? []
  return {
    names,
    minCount: data.minCount,
    machineTypes: machineType === undefined ? ranked(data.instanceFlexibilityPolicy) : [machineType],
    template: data.sourceInstanceTemplate,
    subnet: networkInterfaces[0]?.subnetwork ?? '',
    labels,
    maxRunMs: scheduling.maxRunDuration.seconds * 1000,
    accelerator: attached && { type: attached.acceleratorType, count: attached.acceleratorCount },
    diskGb: disks?.[0]?.initializeParams.diskSizeGb,
    canMove: scheduling.onHostMaintenance !== 'TERMINATE',
  }
}

function ranked(policy: z.infer<typeof bodySchema>['instanceFlexibilityPolicy']): string[] {
  const selections = Object.values(policy?.instanceSelections ?? {})
  return selections.sort((left, right) => left.rank - right.rank).flatMap(({ machineTypes }) => machineTypes)
}
