// `npm run layers`: which room may import which (.dependency-cruiser.cjs), and that names are tested in `domain` alone.
import { root } from './bootstrap/root.mjs'
import { checkLayers } from './layers/check-layers.mjs'
import { checkNames } from './layers/check-names.mjs'

const { violations, unseen, fileCount } = await checkLayers(root)
const nameTests = await checkNames(root)

for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`)
for (const file of unseen) console.error(`${file}: not read by dependency-cruiser, so no rule sees it`)
for (const { file, line, text } of nameTests) {
  console.error(`${file}:${line}: ${text}: tests a name; ask its table in src/shared/domain for a property`)
}
console.log(
  `${fileCount} source files, ${violations.length} forbidden imports, ${nameTests.length} tests of names`,
)
process.exitCode = violations.length + unseen.length + nameTests.length === 0 && fileCount > 0 ? 0 : 1
