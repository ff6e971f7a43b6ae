import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { findDeployAssets } from '../../../client/src/cli/deploy/deploy-assets.ts'
import { useTemporaryFolders } from '../../storage/temporary-folder.ts'

const makeFolder = useTemporaryFolders()

test('in the repository they are the module and what npm run build makes, else it says so', async () => {
  const root = await makeFolder()
  const from = pathToFileURL(join(root, 'client/src/cli/deploy/deploy-assets.ts')).href
  const module = join(root, 'infra')
  const functions = join(root, 'client/dist/deploy/functions')
  const worker = join(root, 'client/dist/deploy/worker')
  const image = join(root, 'worker-vm/image')
  const cloudInit = join(image, 'cloud-init.yaml')
  await mkdir(module)
  await mkdir(image, { recursive: true })
  await writeFile(cloudInit, '#cloud-config\n')
  expect(() => findDeployAssets({}, from)).toThrow(`${functions} is not there: run npm run build`)
  await mkdir(functions, { recursive: true })
  expect(() => findDeployAssets({}, from)).toThrow(`${worker} is not there: run npm run build`)
  await mkdir(worker, { recursive: true })
  expect(findDeployAssets({}, from)).toEqual({ module, functions, worker, cloudInit })
})

test('in the package they lie beside the command, and other bundles can be named', async () => {
  const root = await makeFolder()
  const from = pathToFileURL(join(root, 'dist/cli/deploy/deploy-assets.js')).href
  const module = join(root, 'dist/deploy/infra')
  expect(() => findDeployAssets({}, from)).toThrow(`${module} is not there: install graupel again`)
  await mkdir(module, { recursive: true })
  const cloudInit = join(root, 'dist/deploy/cloud-init.yaml')
  await writeFile(cloudInit, '#cloud-config\n')
  const found = findDeployAssets({ GRAUPEL_FUNCTIONS_SOURCE: root, GRAUPEL_WORKER_SOURCE: module }, from)
  expect(found).toEqual({ module, functions: root, worker: module, cloudInit })
})
