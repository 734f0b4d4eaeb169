import { describe, expect, it, vi } from 'vitest'
import { launcherNodeVariable } from '../shared/desktop/desktop-launch.js'
import { createFakeElectron } from './test-support/fake-electron/index.js'

vi.doMock('electron', () => createFakeElectron().module)
const { chooseSpawn } = await import('./choose-spawn.js')
const { spawnUtilityChild } = await import('./utility-child.js')

describe('the app starts its trainers', () => {
  it('in the Node of whoever started it', () => {
    const chosen = chooseSpawn({ [launcherNodeVariable]: process.execPath })
    expect(chosen.spawn).not.toBe(spawnUtilityChild)
    expect(chosen.allocatorNote).toBeNull()
  })

  it.each([
    ['nobody did', {}],
    ['that Node is gone', { [launcherNodeVariable]: '/nowhere/node' }],
    ['its path is not a whole one', { [launcherNodeVariable]: 'node' }],
  ])('within Electron where %s, and says what that costs', (_why, environment) => {
    const chosen = chooseSpawn(environment)
    expect(chosen.spawn).toBe(spawnUtilityChild)
    expect(chosen.allocatorNote).toContain('slows TensorFlow on CPU devices')
  })
})
