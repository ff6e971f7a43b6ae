import { z } from 'zod'
import { listAll } from '../google/list-all.ts'
import type { Check } from './check.ts'
import { failed, ok } from './finding.ts'
import { lookAtImage } from './image-check.ts'

const functionSchema = z.object({ name: z.string(), state: z.string() })
const deployRemedy = 'graupel deploy'

/** What has been deployed, and whether it works. */
export const serviceChecks: readonly Check[] = [
  {
    id: 'functions',
    title: 'functions',
    needs: ['api:cloudfunctions'],
    remedy: 'ask for roles/cloudfunctions.viewer',
    async run({ api, subject: { project, region, prefix, lanes } }) {
      const path = `/v2/projects/${project}/locations/${region}/functions`
      const found = await listAll(api, functionSchema, 'functions', { service: 'cloudfunctions', path })
      const states = new Map(found.map(({ name, state }) => [name.split('/').at(-1) ?? '', state]))
      const kernels = Array.from({ length: lanes }, (_, lane) => `${prefix}-kernel-${lane}`)
      const bad = [...kernels, ...['api', 'provision', 'sweep'].map((name) => `${prefix}-${name}`)].filter(
        (name) => states.get(name) !== 'ACTIVE',
      )
      if (bad.length === 0) return ok(`${lanes + 3} functions are active in ${region}`)
      return failed(bad.map((name) => `${name} is ${states.get(name) ?? 'not there'}`).join(', '), deployRemedy)
    },
  },
  {
    id: 'image',
    title: "agent's image",
    needs: ['api:artifactregistry'],
    remedy: 'ask for roles/artifactregistry.reader',
    run: ({ api, subject }) => lookAtImage(api, subject),
  },
  {
    id: 'smoke',
    title: 'a batch of one job',
    needs: ['documents', 'files', 'events'],
    // Those who submit may not look at these.
    stoppedBy: ['functions', 'image'],
    remedy: 'graupel log @latest 1; look at the functions in https://console.cloud.google.com/run',
    run: ({ runSmokeBatch }) => runSmokeBatch(),
  },
]
