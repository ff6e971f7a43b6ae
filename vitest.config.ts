import { defaultExclude, defineConfig } from 'vitest/config'

/** Tests that start programs, emulators or containers, or build the package. */
const integration = ['emulator', 'e2e', 'package', 'examples', 'docker'].map((folder) => `test/${folder}/**/*.test.ts`)
/** Searches, simulations, fuzzing, whole batches, other programs: what takes a second or more, `npm run check` leaves out. */
const long = [
  'test/backends/local/**/*.test.ts',
  'test/cli/{config,deploy,destroy,doctor}/*-command.test.ts',
  'test/cli/{command-line,submit/submit-flags}.test.ts',
  'test/closure/{programs.test,restored.test,every-closure.fuzz.test}.ts',
  'test/compile/{edges,numbering,updates}.test.ts',
  'test/compute/{compute-fleet,conformance,special-machines,spot-advice,two-deployments,prices/refresh-prices}.test.ts',
  'test/dsl/{quoting,python/arguments}.fuzz.test.ts',
  'test/dsl/python/signatures.test.ts',
  'test/engine/engine.test.ts',
  'test/execution/attempt/{commands,commit,files,journal,limits,race}.test.ts',
  'test/execution/calls/*.test.ts',
  'test/execution/{causes,checkpoint/checkpoint,log/memory}.test.ts',
  'test/execution/sandbox/swapped-outputs.test.ts',
  'test/executor/{deafness,executor,memory}.test.ts',
  'test/infra/{agreement,terraform,working-copy}.test.ts',
  'test/infra/permissions/grants.test.ts',
  'test/kernel/{every-interleaving,loose-delivery,wide-batches}.test.ts',
  'test/merging/*.test.ts',
  'test/simulation/**/*.test.ts',
  'test/storage/{file-object-store,gcs-faults,gcs-object-store}.test.ts',
  'test/task-server/dispatch.test.ts',
  'test/type-checks/declarations.test.ts',
  'test/values/round-trip.test.ts',
  'test/worker-vm/{start-agent,token-server}.test.ts',
]
const exclude = [...defaultExclude, '**/dist/**']

/** `npm run check` runs unit tests in shared processes, which is quick; leaks show where each file has its own. */
const isShared = process.argv.includes('--no-isolate')

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...integration, ...long],
          setupFiles: isShared ? [] : ['test/leaks/fail-on-leaks.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'long',
          include: long,
          exclude,
          setupFiles: ['test/leaks/fail-on-leaks.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: integration,
          exclude,
          globalSetup: ['test/emulator/global-setup.ts'],
          env: { METADATA_SERVER_DETECTION: 'none' },
          setupFiles: ['test/leaks/fail-on-leaks.ts'],
          // Each file starts programs of its own: side by side they would starve each other.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
