import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import { nodeBinaries } from '../../child/test-support/node-binaries.js'
import { createDarwinPlatform } from './darwin.js'
import { allowedCores } from './linux-pinning.js'
import { createWindowsPlatform } from './win32.js'

let pinned: BuiltEntry

beforeAll(async () => {
  pinned = await buildForNode('trainer/test-support/pinned-process.ts')
})
afterAll(() => pinned.dispose())

const everyThread = (cores: number[], threads: number[][]) =>
  threads.length > 0 && threads.every((thread) => thread.join() === cores.join())

describe.each(nodeBinaries)('pinToCores on Linux under $name', ({ path }) => {
  const linux = process.platform === 'linux' && path !== null
  const available = process.platform === 'linux' ? allowedCores(process.pid) : []
  const run = (...cores: number[]) =>
    JSON.parse(execFileSync(path ?? '', [pinned.path, ...cores.map(String)], { encoding: 'utf8' }))

  it.skipIf(!linux)('confines the threads that are there and those that come later', () => {
    const core = available.at(-1) ?? 0
    const { pinning, before, withWorker } = run(core)
    expect(pinning).toMatchObject({ applied: true, cores: [core] })
    expect(everyThread([core], before)).toBe(true)
    expect(withWorker.length).toBeGreaterThan(before.length)
    expect(everyThread([core], withWorker)).toBe(true)
  })

  it.skipIf(!linux || available.length < 2)('takes several cores', () => {
    const { before } = run(...available)
    expect(everyThread(available, before)).toBe(true)
  })

  it.skipIf(!linux).each([[8191], [-1], [1e9], []])(
    'refuses %s, says what there is, and changes nothing',
    (...asked) => {
      const { error, before } = run(...(available.slice(0, asked.length) as number[]).slice(1), ...asked)
      expect(error.code).toBe('core-not-available')
      for (const core of asked) expect(error.message).toContain(String(core))
      expect(error.hint).toContain(String(available[0]))
      expect(everyThread(available, before)).toBe(true)
    },
  )

  it.skipIf(!linux)('refuses as a whole when only one of the cores is missing', () => {
    const { error, before } = run(available[0] ?? 0, 8191)
    expect(error.message).toBe('this process may not run on core 8191')
    expect(everyThread(available, before)).toBe(true)
  })
})

describe.each([createDarwinPlatform(), createWindowsPlatform()])('pinToCores on $name', (platform) => {
  it('says that nothing was done', () => {
    expect(platform.pinToCores([0])).toEqual({ applied: false, reason: expect.stringContaining('pin') })
  })
})
