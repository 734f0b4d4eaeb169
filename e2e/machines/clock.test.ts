import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import getPort from 'get-port'
import { afterEach, expect, it, vi } from 'vitest'
import { MachineFleet } from '../../src/core/machines/machine-fleet.js'
import { makeSecretFile, readSecretFile } from '../../src/core/machines/secret-file.js'
import { clockOffsetMs, clockOffsetVariable } from '../../src/shared/clock.js'
import type { MachineClock } from '../../src/shared/machine/machine-clock.js'
import { eventually, startTandem } from '../tandem-process.js'

vi.setConfig({ testTimeout: 60_000 })

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const removals: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0).reverse()) await remove()
})

/** What a host finds of the clock of an agent, a process of its own whose clock is set wrong by this much. */
async function clockOfAgent(aheadMs: number): Promise<MachineClock> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-clock-'))
  removals.push(() => rmSync(folder, { recursive: true, force: true }))
  const file = await makeSecretFile(join(folder, 'secret'))
  const endpoint = { host: '127.0.0.1', port: await getPort() }
  const fleet = await MachineFleet.open({
    rendezvous: {
      ...{ nodes: 2, nodeRank: 0, endpoint, interfaceName: null, joinMs: 30_000 },
      secret: await readSecretFile(file),
    },
    tandemVersion: version,
    onNotice() {},
  })
  removals.push(() => fleet.close(null))
  const agent = startTandem(
    [
      ...['agent', '--nnodes', '2', '--node-rank', '1', '--rdzv-secret-file', file],
      ...['--rdzv-endpoint', `${endpoint.host}:${endpoint.port}`],
    ],
    { [clockOffsetVariable]: String(clockOffsetMs() + aheadMs), TANDEM_DATA_DIR: join(folder, 'data') },
  )
  removals.push(async () => {
    agent.child.kill('SIGKILL')
    await agent.ended()
  })
  await eventually('it has joined', 30_000, () => agent.output().includes('Joined as'))
  // Some exchanges, of which the best counts.
  let clock: MachineClock | null = null
  await eventually('its drift is known somewhat', 30_000, () => {
    clock = fleet.takeClock(1)
    return clock !== null && clock.driftUncertaintyPpm < 400
  })
  return clock as unknown as MachineClock
}

it.each([2_500, -40_000])(
  'the clock of a machine that is off by %i ms is found as it is',
  async (aheadMs) => {
    const clock = await clockOfAgent(aheadMs)
    // Both processes go by the clock of one system, so what was planted is all that they differ by.
    expect(Math.abs(clock.offsetMs - aheadMs)).toBeLessThanOrEqual(clock.uncertaintyMs)
    expect(Math.abs(clock.driftPpm)).toBeLessThanOrEqual(clock.driftUncertaintyPpm)
  },
)
