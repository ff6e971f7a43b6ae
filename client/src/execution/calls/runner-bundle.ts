import type { BuildOptions } from 'esbuild'

/**
 * How the runner of functions becomes one file. CommonJS starts faster than a module, and whatever Node an image has can
 * read it: so an old one can say what it is.
 */
export const runnerBundle = (entry: string): BuildOptions => ({
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node14.18',
  legalComments: 'none',
  logLevel: 'silent',
})
