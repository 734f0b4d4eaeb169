// `npm run package`: makes what people install who have no Node. On Linux a .deb and a tar.gz, from the Electron that
// is there; `--electron FOLDER` names another one, `--dir` makes the folder alone, `--targets dmg,nsis` more kinds.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { requireNodeVersion } from './bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap, endProcess } = await import('./bootstrap.mjs')
const { ensurePackages } = await import('./bootstrap/dependencies.mjs')
const { withLock } = await import('./bootstrap/lock.mjs')
const { root } = await import('./bootstrap/root.mjs')

await bootstrap({ engine: false })
try {
  const { values } = parseArgs({
    options: { electron: { type: 'string' }, targets: { type: 'string' }, dir: { type: 'boolean' } },
  })
  await withLock(join(root, '.bootstrap', 'packaging-lock'), (shareLock) =>
    ensurePackages(join(root, 'scripts', 'packaging'), 'what makes installers', shareLock),
  )
  const { packageApp } = await import('./packaging/package-app.mjs')
  const made = await packageApp({
    out: join(root, 'out'),
    output: join(root, 'dist'),
    electronDist: values.electron ?? join(root, 'node_modules', 'electron', 'dist'),
    installers: values.dir ? [] : ['deb', 'tar.gz'],
    targets: values.targets?.split(',') ?? [],
  })
  for (const { path, size } of made) console.log(`${path}  ${size}`)
} catch (error) {
  endProcess(error)
}
