import { z } from 'zod'

const text = z.string()
const amount = z.union([z.string(), z.number()])
const filePairs = z.array(z.tuple([text, text])).nullish()

/** What a job runs. Hail's clients send `docker`; without an image a job gets its worker's default. */
const processSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('docker'), image: text.min(1), command: z.array(text).min(1) }),
  z.object({ type: z.literal('bash'), shell: text.min(1).optional(), script: text }),
  z.object({ type: z.literal('jvm') }),
])
export type HailProcess = z.infer<typeof processSchema>

const resourcesSchema = z.object({
  cpu: amount.nullish(),
  memory: amount.nullish(),
  storage: amount.nullish(),
  machine_type: text.nullish(),
  preemptible: z.boolean().nullish(),
})
export type HailResources = z.infer<typeof resourcesSchema>

/** Known so that they are refused where they ask for something; any value that asks for nothing passes. */
const unsupportedFields = {
  absolute_job_group_id: z.number().nullish(),
  in_update_job_group_id: z.number().nullish(),
  gcsfuse: z.array(z.unknown()).nullish(),
  mount_tokens: z.boolean().nullish(),
  network: text.nullish(),
  port: z.number().nullish(),
  pvc_size: z.unknown().optional(),
  secrets: z.array(z.unknown()).nullish(),
  service_account: z.unknown().optional(),
  unconfined: z.boolean().nullish(),
}

/** One job as Hail's clients describe it. Fields that are not here are ignored. */
export const hailJobSchema = z.object({
  /** 1, 2, … within its update. */
  job_id: z.number().int().min(1),
  process: processSchema,
  absolute_parent_ids: z.array(z.number().int().min(1)).nullish(),
  in_update_parent_ids: z.array(z.number().int().min(1)).nullish(),
  always_run: z.boolean().nullish(),
  always_copy_output: z.boolean().nullish(),
  n_max_attempts: z.number().int().nullish(),
  env: z.array(z.object({ name: text, value: text })).nullish(),
  resources: resourcesSchema.nullish(),
  /** Seconds. */
  timeout: z.number().nullish(),
  attributes: z.record(text, text).nullish(),
  input_files: filePairs,
  output_files: filePairs,
  requester_pays_project: text.min(1).nullish(),
  regions: z.array(text.min(1)).nullish(),
  /** Buckets that are shown as folders. */
  cloudfuse: z.array(z.object({ bucket: text, mount_path: text, read_only: z.boolean().nullish() })).nullish(),
  ...unsupportedFields,
})
export type HailJob = z.infer<typeof hailJobSchema>
