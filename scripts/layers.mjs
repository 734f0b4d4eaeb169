// `npm run layers`: which room may import which. See .dependency-cruiser.cjs.
import { root } from './bootstrap/root.mjs'
import { checkLayers } from './layers/check-layers.mjs'

const { violations, unseen, fileCount } = await checkLayers(root)

for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`)
for (const file of unseen) console.error(`${file}: not read by dependency-cruiser, so no rule sees it`)
console.log(`${fileCount} source files, ${violations.length} forbidden imports`)
process.exitCode = violations.length + unseen.length === 0 && fileCount > 0 ? 0 : 1
