import { z } from 'zod'

/** An error of an operation, in Google's words. */
export const operationErrorSchema = z.object({
  code: z.string().default('UNKNOWN'),
  message: z.string().default(''),
  /** The place that it is about. */
  location: z.string().nullish(),
  errorDetails: z
    .array(
      z.object({
        quotaInfo: z.object({ metricName: z.string().nullish(), limitName: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
})
export type OperationError = z.infer<typeof operationErrorSchema>

const locationStatusSchema = z.object({
  createdVmCount: z.number().nullish(),
  failedToCreateVmCount: z.number().nullish(),
})

/** What graupel reads of an operation. */
export const operationSchema = z.object({
  name: z.string(),
  status: z.enum(['PENDING', 'RUNNING', 'DONE']),
  error: z.object({ errors: z.array(operationErrorSchema) }).nullish(),
  httpErrorStatusCode: z.number().nullish(),
  httpErrorMessage: z.string().nullish(),
  instancesBulkInsertOperationMetadata: z
    .object({ perLocationStatus: z.record(z.string(), locationStatusSchema).nullish() })
    .nullish(),
})
export type Operation = z.infer<typeof operationSchema>

/** What graupel reads of an instance. */
export const instanceSchema = z.object({
  name: z.string(),
  zone: z.string(),
  status: z.string(),
  machineType: z.string(),
  creationTimestamp: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  scheduling: z.object({ provisioningModel: z.string().nullish() }).nullish(),
  disks: z.array(z.object({ diskSizeGb: z.coerce.number().nullish() })).nullish(),
  guestAccelerators: z.array(z.object({ acceleratorType: z.string(), acceleratorCount: z.coerce.number() })).nullish(),
})
export type Instance = z.infer<typeof instanceSchema>

export interface InstanceList {
  readonly instances: readonly Instance[]
  /** Zones that did not answer: what is there is not known. */
  readonly unreachable: readonly string[]
}

/** What is asked for in one bulk insertion. */
export interface BulkInsertion {
  readonly region: string
  /** A UUID: the same request again changes nothing. */
  readonly requestId: string
  readonly body: BulkInsertBody
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/regionInstances/bulkInsert (2026-11) */
export interface BulkInsertBody {
  readonly count: number
  readonly minCount: number
  readonly sourceInstanceTemplate: string
  readonly perInstanceProperties: Readonly<Record<string, { readonly name: string }>>
  readonly locationPolicy: { readonly targetShape: 'ANY' }
  readonly instanceFlexibilityPolicy?: {
    readonly instanceSelections: Readonly<Record<string, { readonly rank: number; readonly machineTypes: string[] }>>
  }
  readonly instanceProperties: {
    readonly machineType?: string
    readonly labels: Readonly<Record<string, string>>
    readonly networkInterfaces: { readonly subnetwork: string }[]
    readonly scheduling: {
      readonly instanceTerminationAction: 'DELETE'
      readonly maxRunDuration: { readonly seconds: number }
      readonly onHostMaintenance?: 'TERMINATE'
    }
    readonly guestAccelerators?: { readonly acceleratorType: string; readonly acceleratorCount: number }[]
    readonly disks?: {
      readonly boot: boolean
      readonly autoDelete: boolean
      readonly initializeParams: {
        readonly sourceImage: string
        readonly diskSizeGb: string
        readonly diskType: string
      }
    }[]
  }
}

/** How likely a machine is to be had, and how long it is likely to stay. */
export interface CapacityAdvice {
  /** From 0 to 1. */
  readonly obtainability?: number | undefined
  readonly uptimeMs?: number | undefined
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/advice/capacity (2026-11) */
export const adviceSchema = z.object({
  recommendations: z
    .array(
      z.object({
        scores: z.object({ obtainability: z.number().nullish(), estimatedUptime: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
})

/** The few calls of Compute Engine that graupel makes. They reject with the client library's errors. */
export interface ComputeApi {
  bulkInsert(insertion: BulkInsertion): Promise<Operation>
  operation(region: string, name: string): Promise<Operation>
  /** Of all zones; `filter` in Google's language. */
  instances(filter: string): Promise<InstanceList>
  deleteInstance(zone: string, name: string): Promise<void>
  /** Not every project is given it. */
  adviseOnSpot(region: string, machineTypes: readonly string[]): Promise<CapacityAdvice | undefined>
}
