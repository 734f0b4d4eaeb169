import { readFileSync } from 'node:fs'
import { register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import { createFakeElectron } from './fake-electron/index.js'
import { loadFakePage } from './fake-page.js'

/*
 * A program in the place of Electron's own: runs the app of the folder that it is given, with the imitation for
 * `electron`, and shows it to a page without a browser. FAKE_PAGE, as JSON, says what somebody does on that page.
 */

export interface FakePageVisit {
  userData: string
  /** Started as soon as the page is connected. */
  run?: RunConfiguration
}

const visit = JSON.parse(process.env.FAKE_PAGE ?? '{}') as FakePageVisit
const appDirectory = resolve(process.argv[2] ?? '.')
const { main } = JSON.parse(readFileSync(join(appDirectory, 'package.json'), 'utf8')) as { main: string }

const electron = createFakeElectron({
  userData: visit.userData,
  onExit: (code) => process.exit(code),
  // Beside the sources, since this program is bundled.
  parentPort: pathToFileURL(join(appDirectory, 'src/main/test-support/fake-electron/parent-port.mjs')).href,
})
Object.assign(globalThis, { imitatedElectron: electron.module })
const imitation = `export const { ${Object.keys(electron.module).join(', ')} } = globalThis.imitatedElectron`
register(
  `data:text/javascript,${encodeURIComponent(`
    export const resolve = (specifier, context, next) =>
      specifier === 'electron'
        ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(imitation)}`)}, shortCircuit: true }
        : next(specifier, context)`)}`,
)

await import(pathToFileURL(join(appDirectory, main)).href)
await electron.becomeReady()
const page = await loadFakePage(electron)
if (visit.run !== undefined) {
  while (page.known.connection !== 'open') await new Promise((proceed) => setTimeout(proceed, 20))
  await page.client.call('startRun', { configuration: visit.run })
}
