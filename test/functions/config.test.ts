import { readConfig } from '@graupel/functions/config'
import { expect, test } from 'vitest'

const complete = {
  GRAUPEL_PROJECT: 'p',
  GRAUPEL_SERVICE_KEY: 'sixteen letters!',
  GRAUPEL_PROVISION_URL: 'https://provision.example',
  GRAUPEL_SWEEP_URL: 'https://sweep.example',
}

test('what is not said has a default', () => {
  expect(readConfig(complete)).toMatchObject({ project: 'p', database: '(default)', lanes: 8, topicPrefix: 'graupel' })
})

test('everything that is missing or wrong is named at once', () => {
  const read = () => readConfig({ ...complete, GRAUPEL_PROJECT: undefined, GRAUPEL_LANES: 'many' })
  expect(read).toThrow(/GRAUPEL_PROJECT[\s\S]*GRAUPEL_LANES|GRAUPEL_LANES[\s\S]*GRAUPEL_PROJECT/)
})
