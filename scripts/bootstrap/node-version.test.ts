import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseNodeVersion } from './node-version.mjs'
import { root } from './root.mjs'

describe('refuseNodeVersion', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('takes %s', (version) => {
    expect(refuseNodeVersion(version)).toBeNull()
  })

  it.each(['20.18.3', '18.20.8', '4.9.1'])('refuses %s and says what to do', (version) => {
    expect(refuseNodeVersion(version)).toMatch(
      new RegExp(`needs Node 20\\.19 or newer; this is Node ${version}\\.\\nInstall`),
    )
  })

  it('agrees with package.json', async () => {
    const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

    expect(engines.node).toBe('>=20.19')
  })
})
