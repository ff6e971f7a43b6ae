// Makes the fixture of provider schemas anew, from the bindings for TypeScript that HashiCorp generated from the providers:
// `npm pack @cdktf/provider-google @cdktf/provider-archive @cdktf/provider-time`, unpack each, then
// `node test/infra/schema/extract-schema.ts <unpacked package> … > test/infra/schema/provider-schemas.json`
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModuleTypes } from '../module-files.ts'
import type { ProviderSchemas } from './provider-schemas.ts'
import { readClass, sourceOf } from './read-bindings.ts'

interface Package {
  readonly folder: string
  readonly name: string
  readonly version: string
}

const schemas: ProviderSchemas = { sources: [], resources: {}, dataSources: {} }
const types = readModuleTypes()
for (const folder of process.argv.slice(2)) {
  const bindings: Package = { folder, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }
  const provider = bindings.name.replace('@cdktf/provider-', '')
  const ofProvider = (type: string) => type.startsWith(`${provider}_`)
  const stemOf = (type: string) => type.slice(provider.length + 1).replaceAll('_', '-')
  for (const type of types.resources.filter(ofProvider)) schemas.resources[type] = readType(bindings, stemOf(type))
  for (const type of types.dataSources.filter(ofProvider))
    schemas.dataSources[type] = readType(bindings, `data-${provider}-${stemOf(type)}`)
}
const left = [...types.resources, ...types.dataSources].filter(
  (type) => !(type in schemas.resources) && !(type in schemas.dataSources),
)
if (left.length > 0) throw new Error(`no package has ${left.join(', ')}`)
process.stdout.write(oneTypePerLine(schemas))

/** So that a change of one type is a change of one line. */
function oneTypePerLine({ sources, resources, dataSources }: ProviderSchemas): string {
  const linesOf = (blocks: object) =>
    Object.entries(blocks)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([type, block]) => `${JSON.stringify(type)}: ${JSON.stringify(block)}`)
      .join(',\n')
  return `{\n"sources": ${JSON.stringify(sources)},\n"resources": {\n${linesOf(resources)}\n},\n"dataSources": {\n${linesOf(dataSources)}\n}\n}\n`
}

function readType({ folder, name, version }: Package, stem: string) {
  const lib = join(folder, 'lib')
  const place = existsSync(join(lib, stem)) ? stem : readdirSync(lib).find((one) => one.endsWith(`-${stem}`))
  const source = sourceOf(readFileSync(join(lib, place ?? stem, 'index.js'), 'utf8'))
  const [, className = ''] = /export class (\w+) extends cdktf\.Terraform(?:Resource|DataSource) /.exec(source) ?? []
  const [, provider, providerVersion] = /providerName: '(\w+)',\s*providerVersion: '([^']+)'/.exec(source) ?? []
  const origin = `hashicorp/${provider} ${providerVersion}, from ${name} ${version}, ${new Date().toISOString().slice(0, 7)}`
  if (!schemas.sources.includes(origin)) schemas.sources.push(origin)
  return readClass(source, className)
}
