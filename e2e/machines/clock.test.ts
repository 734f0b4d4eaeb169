import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import getPort from 'get-port'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MachineFleet } from '../../src/core/machines/machine-fleet.js'
import { makeSecretFile, readSecretFile } from '../../src/core/machines/secret-file.js'
import { clockOffsetMs, clockOffsetVariable, monotonicNowMs } from '../../src/shared/clock.js'
import type { MachineClock } from '../../src/shared/machine/machine-clock.js'
import { eventually, startTandem, type TandemProcess } from '../tandem-process.js'

vi.setConfig({ testTimeout: 60_000 })

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const removals: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0).reverse()) await remove()
})

/** What a host finds of the clock of an agent, a process of its own, once its drift is known well enough. */
async function clockOfAgent(
  environment: NodeJS.ProcessEnv,
  driftKnownToPpm: number,
): Promise<{ clock: MachineClock; agent: TandemProcess }> {
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
    { TANDEM_DATA_DIR: join(folder, 'data'), ...environment },
  )
  removals.push(async () => {
    agent.child.kill('SIGKILL')
    await agent.ended()
    // libfaketime's, of a process that was killed.
    for (const name of [`faketime_shm_${agent.pid}`, `sem.faketime_sem_${agent.pid}`])
      rmSync(join('/dev/shm', name), { force: true })
  })
  await eventually('it has joined', 30_000, () => agent.output().includes('Joined as'))
  // Some exchanges, of which the best counts.
  let clock: MachineClock | null = null
  await eventually('its drift is known', 50_000, () => {
    clock = fleet.takeClock(1)
    return clock !== null && clock.driftUncertaintyPpm < driftKnownToPpm
  })
  return { clock: clock as unknown as MachineClock, agent }
}

it.each([2_500, -40_000])(
  'the clock of a machine that is off by %i ms is found as it is',
  async (aheadMs) => {
    const environment = { [clockOffsetVariable]: String(clockOffsetMs() + aheadMs) }
    const { clock } = await clockOfAgent(environment, 400)
    // Both processes go by the clock of one system, so what was planted is all that they differ by.
    expect(Math.abs(clock.offsetMs - aheadMs)).toBeLessThanOrEqual(clock.uncertaintyMs)
    expect(Math.abs(clock.driftPpm)).toBeLessThanOrEqual(clock.driftUncertaintyPpm)
  },
)

/** Debian's, which sets the clocks of the programs that load it wrong, the monotonic one too. */
const fakeClock = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((system) => `/usr/lib/${system}/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file))
const describeWithFakeClock = fakeClock === undefined ? describe.skip : describe

/** A program that is told to load this says what its clock shows whenever it gets the signal. */
const sayingItsClock = `process.on('SIGUSR2', () => process.stderr.write('clock ' + process.hrtime.bigint() + '.'))`
const clockTellings = 40

/** What the agent's clock is ahead of this one by: it was read between the signal and the word. */
async function readAheadMs({ child, output }: TandemProcess): Promise<{ leastMs: number; mostMs: number }> {
  let [leastMs, mostMs] = [-Infinity, Infinity]
  for (let told = 0; told < clockTellings; told++) {
    const before = output().length
    const askedAtMs = monotonicNowMs()
    child.kill('SIGUSR2')
    await once(child.stderr as Readable, 'data')
    const heardAtMs = monotonicNowMs()
    const word = output()
      .slice(before)
      .match(/clock (\d+)\./)
    if (word === null) continue
    const readMs = Number(word[1]) / 1e6
    leastMs = Math.max(leastMs, readMs - heardAtMs)
    mostMs = Math.min(mostMs, readMs - askedAtMs)
  }
  return { leastMs, mostMs }
}

describeWithFakeClock(
  `with libfaketime${fakeClock === undefined ? ' (skipped: there is no package libfaketime)' : ''}`,
  () => {
    it('a clock that is 2.5 s ahead and runs fast by 100 ppm is found as it is', async () => {
      const { clock, agent } = await clockOfAgent(
        {
          LD_PRELOAD: fakeClock,
          FAKETIME: '+2.5 x1.0001',
          NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(sayingItsClock)}`,
          // Where its rate is faked, the monotonic clock starts with the time of day.
          [clockOffsetVariable]: '0',
        },
        60,
      )
      const toldAtMs = monotonicNowMs()
      const { leastMs, mostMs } = await readAheadMs(agent)
      // It went on running ahead meanwhile.
      const sinceMs = 100e-6 * (monotonicNowMs() - toldAtMs)
      expect(Math.abs(clock.driftPpm - 100)).toBeLessThanOrEqual(clock.driftUncertaintyPpm)
      expect(clock.driftPpm).toBeGreaterThan(clock.driftUncertaintyPpm)
      expect(clock.offsetMs).toBeGreaterThan(2_000)
      expect(clock.offsetMs - clock.uncertaintyMs).toBeLessThanOrEqual(mostMs)
      expect(clock.offsetMs + clock.uncertaintyMs + sinceMs).toBeGreaterThanOrEqual(leastMs)
    })
  },
)
