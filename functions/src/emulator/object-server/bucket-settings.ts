import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'

/** What is set on a bucket as a whole, in the words of the JSON API. Everything else of it is ignored. */
export const bucketSettingsSchema = z.object({
  billing: z.object({ requesterPays: z.boolean().optional() }).nullish(),
})
export type BucketSettings = z.infer<typeof bucketSettingsSchema>

export async function readSettings(path: string): Promise<BucketSettings> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  return bucketSettingsSchema.parse(JSON.parse(text))
}

export async function writeSettings(path: string, settings: BucketSettings): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(settings))
  await rename(`${path}.new`, path)
}
