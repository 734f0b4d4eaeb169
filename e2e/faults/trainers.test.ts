import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BuiltEntry } from '../../src/child/test-support/build-entry.js'
import {
  type DataFault,
  dataFaults,
  type HarmlessFault,
  harmlessFaults,
  type TrainerFault,
  trainerFaults,
} from './fault-table.js'
import { buildTandem, Scene, type StartOptions } from './scene.js'

let tandem: BuiltEntry
let scene: Scene
beforeAll(async () => {
  tandem = await buildTandem()
})
afterAll(() => tandem.dispose())
beforeEach(() => {
  scene = new Scene(tandem)
})
afterEach(() => scene.dispose())

const names = <Name extends string>(table: Record<Name, unknown>) => Object.keys(table) as Name[]

/** Patience as little as a busy machine allows, where patience is what the fault is about. */
const impatience: Partial<Record<TrainerFault, StartOptions['timeouts']>> = {
  hang: { silenceMs: 2_000 },
  spin: { silenceMs: 2_000 },
  freeze: { silenceMs: 2_000 },
  'never-ready': { readyMs: 2_000 },
}

const isLinux = process.platform === 'linux'

describe.runIf(isLinux)(
  'a trainer that goes wrong, in Single, DP and the last rank of DDP',
  { timeout: 180_000 },
  () => {
    it.each(names(trainerFaults))('%s', async (name) => {
      const { says, exitCode, history } = trainerFaults[name]
      const command = scene.run([], {
        trainers: { fault: name, rank: 'last' },
        timeouts: { stopAfterFailureMs: 300, exitMs: 300, terminateMs: 300, ...impatience[name] },
      })

      expect(await command.ended(), command.output()).toBe(exitCode)
      const { status, measurements: all } = scene.results()
      const measurements = all.filter((measurement) => measurement.status !== 'skipped')
      expect(status).toBe('failed')
      expect(measurements).toHaveLength(3)
      for (const { title, error } of measurements) expect(error?.message, title).toContain(says)
      // One rank of several is named.
      const ofDdp = measurements.find(({ strategy }) => strategy === 'ddp')
      expect(`${ofDdp?.error?.message} ${ofDdp?.error?.rank}`).toMatch(/\b[Rr]ank 1\b| 1$/)
      for (const { title } of measurements)
        expect(command.output()).toMatch(new RegExp(`\\[${title}\\] .*${escaped(says)}`))
      expect(await scene.list()).toMatchObject([{ status: history }])
      await scene.expectNothingLeft()
    })

    it.each(names(harmlessFaults))('%s, which does no harm', async (name: HarmlessFault) => {
      const { says, exitCode, history } = harmlessFaults[name]
      const command = scene.run([], { trainers: { fault: name, rank: 'last' } })

      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      expect(await scene.list()).toMatchObject([{ status: history }])
      await scene.expectNothingLeft()
    })
  },
)

describe.runIf(isLinux)('a data worker that goes wrong, in real trainers', { timeout: 240_000 }, () => {
  it.each(names(dataFaults))('%s', async (name: DataFault) => {
    const { says, exitCode, history } = dataFaults[name]
    const command = scene.run(
      ['--strategies', 'single,ddp', '--num-workers', '1', '--max-steps-per-epoch', '20'],
      {
        trainers: null,
        inside: name,
      },
    )

    expect(await command.ended(), command.output()).toBe(exitCode)
    for (const { title, status, error } of scene.results().measurements) {
      if (status !== 'skipped') expect(error?.message, title).toContain(says)
    }
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })
})

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
