import type { PlantedBug } from './planted-bug.ts'

export const bugsOfOutputs: readonly PlantedBug[] = [
  {
    rule: 'only commands that succeed write the manifest of a job',
    instead: 'a failed attempt writes it too',
    file: 'client/src/execution/attempt/run-attempt.ts',
    find: 'await keepPartial(context, detail, found, workspace, before)',
    replace: 'await commitManifest(context, { outputs: await storeOutputs(context, found, workspace) })',
    scenario: {},
    seeds: 10,
  },
  {
    rule: 'the manifest comes after all files that it names',
    instead: 'a file is stored some time later than it is named',
    file: 'client/src/execution/attempt/run-attempt.ts',
    find: 'const outputs = await storeOutputs(context, files, workspace)',
    replace: `await commitManifest(context, { outputs: {} })
  const outputs = await storeOutputs(context, files, workspace)`,
    scenario: {},
    seeds: 5,
  },
  {
    rule: 'whoever finds a manifest writes the destinations again before it reports success',
    instead: 'a finder reports success at once',
    file: 'client/src/execution/attempt/run-attempt.ts',
    find: `  await copyToDestinations(context, detail, manifest)
  return true`,
    replace: '  return true',
    scenario: { faults: { diesAfterManifest: 0.3 } },
    seeds: 20,
  },
]
