// Builds `client/dist`, which the published package consists of: `npm run build`. Everything that can be built is,
// before what is missing is told.
import { rmSync } from 'node:fs'
import { adaptDeclarations } from './adapt-declarations.ts'
import { bundlePrograms } from './bundle-programs.ts'
import { checkEntries } from './check-entries.ts'
import { compileLibrary } from './compile-library.ts'
import { copyAssets, copyTerraformModule } from './copy-assets.ts'
import { folders } from './folders.ts'
import { writeFunctionsSource } from './functions-source.ts'
import { writeWorkerImage } from './worker-image.ts'

rmSync(folders.dist, { recursive: true, force: true })
const problems = compileLibrary()
adaptDeclarations()
copyAssets()
copyTerraformModule()
problems.push(...(await bundlePrograms()), ...checkEntries())
writeFunctionsSource()
writeWorkerImage()
if (problems.length > 0) {
  console.error(`the package cannot be published:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  process.exitCode = 1
}
