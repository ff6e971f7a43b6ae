import type { File, FileMetadata } from '@google-cloud/storage'

interface RewriteResponse {
  readonly rewriteToken?: string
  readonly resource?: FileMetadata
}

/**
 * Copies inside Cloud Storage, in as many steps as it takes. The library's own `copy` forgets the precondition after the
 * first step, and the last one decides.
 */
export async function rewriteGcsObject(source: File, target: File, ifGeneration?: string): Promise<FileMetadata> {
  let rewriteToken: string | undefined
  for (;;) {
    const response: RewriteResponse = await requestRewrite(source, target, {
      ifGenerationMatch: ifGeneration,
      rewriteToken,
      userProject: source.bucket.userProject ?? target.bucket.userProject,
    })
    if (response.resource !== undefined) return response.resource
    rewriteToken = response.rewriteToken
  }
}

function requestRewrite(
  source: File,
  target: File,
  query: Record<string, string | undefined>,
): Promise<RewriteResponse> {
  const path = `/o/${encodeURIComponent(source.name)}/rewriteTo/b/${target.bucket.name}/o/${encodeURIComponent(target.name)}`
  const qs = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    source.bucket.request({ method: 'POST', uri: path, qs, json: {} }, (error, body) => {
      if (error) reject(error)
      else resolve(body)
    })
  })
}
