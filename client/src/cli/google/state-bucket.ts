import { z } from 'zod'
import type { GoogleApi } from './google-api.ts'
import { findOne } from './list-all.ts'
import { objectPath, removeObjects } from './remove-objects.ts'

const named = z.looseObject({ name: z.string() })

/** The bucket that remembers a deployment: Terraform's state, and what was chosen. */
export class StateBucket {
  readonly #api: GoogleApi
  readonly name: string

  constructor(api: GoogleApi, name: string) {
    this.#api = api
    this.name = name
  }

  async exists(): Promise<boolean> {
    return (await findOne(this.#api, named, { service: 'storage', path: `/storage/v1/b/${this.name}` })) !== undefined
  }

  /** Versioned, so that a state that was damaged can be brought back; nobody outside the project sees it. */
  async create(project: string, location: string): Promise<void> {
    await this.#api.call(named, {
      service: 'storage',
      method: 'POST',
      path: '/storage/v1/b',
      query: { project },
      body: {
        name: this.name,
        location,
        versioning: { enabled: true },
        iamConfiguration: { publicAccessPrevention: 'enforced', uniformBucketLevelAccess: { enabled: true } },
        lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { numNewerVersions: 10 } }] },
        softDeletePolicy: { retentionDurationSeconds: '0' },
      },
    })
  }

  /** `undefined` if it is not there. */
  read(name: string): Promise<unknown> {
    const call = { service: 'storage', path: objectPath(this.name, name), query: { alt: 'media' } }
    return findOne(this.#api, z.unknown(), call)
  }

  async write(name: string, content: object): Promise<void> {
    await this.#api.call(named, {
      service: 'storage',
      method: 'POST',
      path: `/upload/storage/v1/b/${this.name}/o`,
      query: { uploadType: 'media', name },
      body: content,
    })
  }

  /** Every version of every object, then the bucket. */
  async remove(): Promise<void> {
    await removeObjects(this.#api, this.name)
    const path = `/storage/v1/b/${this.name}`
    await this.#api.call(z.unknown(), { service: 'storage', method: 'DELETE', path })
  }
}
