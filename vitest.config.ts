import { defaultExclude, defineConfig } from 'vitest/config'

/** Tests that start programs, emulators or containers, or build the package. */
const integration = ['emulator', 'e2e', 'package', 'examples', 'docker'].map((folder) => `test/${folder}/**/*.test.ts`)
/** Searches, simulations, fuzzing and whole batches: they take the longest, so `npm run check` leaves them out. */
const long = [
  'test/simulation/**/*.test.ts',
  'test/kernel/{every-interleaving,loose-delivery,wide-batches}.test.ts',
  'test/dsl/{quoting,python/arguments}.fuzz.test.ts',
  'test/storage/gcs-faults.test.ts',
  'test/backends/local/**/*.test.ts',
  'test/executor/{executor,memory}.test.ts',
  'test/cli/{config,deploy,destroy,doctor}/*-command.test.ts',
  'test/compute/compute-fleet.test.ts',
  'test/execution/calls/{warm,failures}.test.ts',
  'test/execution/attempt/{limits,race}.test.ts',
  'test/execution/causes.test.ts',
  'test/execution/log/memory.test.ts',
  'test/compile/edges.test.ts',
  'test/infra/{agreement,terraform,working-copy}.test.ts',
  'test/infra/permissions/grants.test.ts',
  'test/closure/{programs.test,every-closure.fuzz.test}.ts',
]
const exclude = [...defaultExclude, '**/dist/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...integration, ...long],
          setupFiles: ['test/leaks/fail-on-leaks.ts'],
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
