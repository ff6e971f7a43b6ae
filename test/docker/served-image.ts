import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** An image as a registry keeps it. */
export interface ServedImage {
  readonly blobs: readonly Buffer[]
  readonly manifest: { readonly content: Buffer; readonly type: string }
}

export interface ImageContent {
  /** All its files, as tar. */
  readonly archive: Buffer
  /** Default: this machine's. */
  readonly architecture?: string
  /** Makes two images of one archive differ. */
  readonly label?: string
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
const machine = process.arch === 'x64' ? 'amd64' : process.arch

export const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

/** https://distribution.github.io/distribution/spec/manifest-v2-2/ (2026-11) */
export function imageOf({ archive, architecture = machine, label = '' }: ImageContent): ServedImage {
  const layer = gzipSync(archive)
  const rootfs = { type: 'layers', diff_ids: [digestOf(archive)] }
  const config = asJson({ architecture, os: 'linux', config: { Labels: { label } }, rootfs })
  const content = asJson({
    schemaVersion: 2,
    mediaType: manifestType,
    config: described(config, 'application/vnd.docker.container.image.v1+json'),
    layers: [described(layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip')],
  })
  return { blobs: [layer, config], manifest: { content, type: manifestType } }
}

const asJson = (value: object) => Buffer.from(JSON.stringify(value))

const described = (blob: Buffer, mediaType: string) => ({ mediaType, size: blob.byteLength, digest: digestOf(blob) })
