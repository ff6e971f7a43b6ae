import { expect, test } from 'vitest'
import { lockOf, lockSchema } from '../../client/build/locked-packages.ts'

const lock = lockSchema.parse({
  lockfileVersion: 3,
  packages: {
    '': { name: 'repository', devDependencies: { tester: '1.0.0' } },
    'node_modules/tester': { version: '1.0.0', dev: true },
    'node_modules/logger': { version: '2.0.0', integrity: 'sha512-l', dependencies: { colors: '^1.0.0' } },
    'node_modules/store': {
      version: '3.0.0',
      dependencies: { colors: '^2.0.0' },
      optionalDependencies: { 'store-windows': '1', 'not-locked': '1' },
      peerDependencies: { peer: '*' },
    },
    'node_modules/store/node_modules/colors': { version: '2.0.0', dependencies: { shade: '1' } },
    'node_modules/colors': { version: '1.0.0', devOptional: true },
    'node_modules/shade': { version: '1.1.0', dependencies: { colors: '1' } },
    'node_modules/store-windows': { version: '1.0.0', optional: true, os: ['win32'] },
    'node_modules/peer': { version: '4.0.0', dev: true },
  },
})

test('a lock of some dependencies has what they need, where it lies, and nothing else', () => {
  expect(lockOf({ name: 'agent', dependencies: { store: '3.0.0' } }, lock)).toEqual({
    name: 'agent',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'agent', dependencies: { store: '3.0.0' } },
      'node_modules/colors': { version: '1.0.0' },
      'node_modules/peer': { version: '4.0.0' },
      'node_modules/shade': { version: '1.1.0', dependencies: { colors: '1' } },
      'node_modules/store': lock.packages['node_modules/store'],
      'node_modules/store-windows': { version: '1.0.0', optional: true, os: ['win32'] },
      'node_modules/store/node_modules/colors': { version: '2.0.0', dependencies: { shade: '1' } },
    },
  })
})

test('what is locked in another version than is asked for is told', () => {
  expect(() => lockOf({ name: 'agent', dependencies: { logger: '2.1.0' } }, lock)).toThrow(
    'package-lock.json has logger 2.0.0, not 2.1.0: run npm install',
  )
})
