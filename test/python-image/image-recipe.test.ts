import { InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { planPythonImage } from '../../client/src/python-image/image-recipe.ts'

test.each([
  [{}, 'FROM python:3.13-slim\n'],
  [{ pythonVersion: '3.12.4' }, 'FROM python:3.12.4-slim\n'],
  [{ slim: false }, 'FROM python:3.13\n'],
  [{ baseImage: 'own/base:2', slim: false, pythonVersion: '3.12' }, 'FROM own/base:2\n'],
  [{ baseImage: `base@sha256:${'0'.repeat(64)}` }, `FROM base@sha256:${'0'.repeat(64)}\n`],
  [
    { requirements: ['numpy>=2', 'x[a]; python_version<"3"', `$(it's) \\`] },
    'FROM python:3.13-slim\nRUN ["python3","-m","pip","install","--no-cache-dir","numpy>=2",' +
      '"x[a]; python_version<\\"3\\"","$(it\'s) \\\\"]\n',
  ],
])('an image of %j has its Dockerfile', (options, dockerfile) => {
  expect(planPythonImage('x', options).dockerfile).toBe(dockerfile)
})

test.each([
  ['x', false],
  ['x:1', false],
  ['team/x', true],
  ['europe-docker.pkg.dev/project/team/x:1.2', true],
  ['127.0.0.1:5000/x', true],
])('the image %s is pushed: %s', (name, isPushed) => {
  expect(planPythonImage(name, {})).toMatchObject({ name, isPushed })
})

test.each([
  ['Statistics', {}, "'Statistics' is no name for an image; write small letters, as 'name:tag' or"],
  ['', {}, "'' is no name for an image"],
  ['a b', {}, "'a b' is no name for an image"],
  ['x:', {}, "'x:' is no name for an image"],
  ['x', { pythonVersion: '2.7' }, "'x' has the pythonVersion '2.7'; write a text such as '3.13' or '3.13.5'."],
  ['x', { pythonVersion: '3' }, "'x' has the pythonVersion '3'"],
  ['x', { pythonVersion: 'latest' }, "'x' has the pythonVersion 'latest'"],
  ['x', { baseImage: 'No Image' }, "'x' has the baseImage 'No Image', which names no image; write 'name:tag'."],
  ['x', { requirements: [' '] }, "'x' has the requirement ' '; write one as pip takes it, such as 'numpy==2.3.5'."],
  ['x', { requirements: ['numpy\nUSER root'] }, "'x' has the requirement 'numpy USER root'"],
])('%j with %j is refused', (name, options, message) => {
  expect(() => planPythonImage(name, options)).toThrow(InvalidBatchError)
  expect(() => planPythonImage(name, options)).toThrow(`buildPythonImage: ${message}`)
})

test.each([
  ['pythonVersion', { pythonVersion: 3.1 }, "has the pythonVersion 3.1; write a text such as '3.13'"],
  ['requirements', { requirements: 'numpy' }, "has the requirements 'numpy'; write an array, such as ['numpy']."],
])('%s of another type are refused, where the compiler is not asked', (_, options, message) => {
  // As from JavaScript.
  expect(() => planPythonImage('x', options as object)).toThrow(message)
})
