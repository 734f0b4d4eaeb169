import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { libraryNames } from '../../src/core/engine/release.js'
import { type StartOptions, scenes } from './scene.js'
import {
  type DataFault,
  dataFaults,
  engineFaults,
  type HarmlessFault,
  harmlessFaults,
  type TrainerFault,
  trainerFaults,
} from './table/trainers.js'

const stage = scenes()

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
      const command = stage.scene.run([], {
        trainers: { fault: name, rank: 'last' },
        timeouts: { stopAfterFailureMs: 300, exitMs: 300, terminateMs: 300, ...impatience[name] },
        ...(name === 'cannot-start' && {
          environment: { FAULTS_TRAINER: join(stage.scene.folder, 'gone.js') },
        }),
      })

      expect(await command.ended(), command.output()).toBe(exitCode)
      const { status, measurements: all } = stage.scene.results()
      const measurements = all.filter((measurement) => measurement.status !== 'skipped')
      expect(status).toBe('failed')
      expect(measurements).toHaveLength(3)
      for (const { title, error } of measurements) expect(error?.message, title).toContain(says)
      // One rank of several is named: the faulty one, unless the other was the first, as it may be by chance.
      const isFirstByChance = name === 'cannot-start' || impatience[name] !== undefined
      const { error } = measurements.find(({ strategy }) => strategy === 'ddp') ?? {}
      const named = isFirstByChance ? /\b[Rr]anks? [01]\b| [01]$/ : /\b[Rr]ank 1\b| 1$/
      expect(`${error?.message} ${error?.rank}`).toMatch(named)
      for (const { title } of measurements)
        expect(command.output()).toMatch(new RegExp(`\\[${title}\\] .*${escaped(says)}`))
      expect(await stage.scene.list()).toMatchObject([{ status: history }])
      await stage.scene.expectNothingLeft()
    })

    it.each(names(harmlessFaults))('%s, which does no harm', async (name: HarmlessFault) => {
      const { says, exitCode, history } = harmlessFaults[name]
      const command = stage.scene.run([], { trainers: { fault: name, rank: 'last' } })

      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      expect(await stage.scene.list()).toMatchObject([{ status: history }])
      await stage.scene.expectNothingLeft()
    })
  },
)

describe.runIf(isLinux)('a data worker that goes wrong, in real trainers', { timeout: 240_000 }, () => {
  it.each(names(dataFaults))('%s', async (name: DataFault) => {
    const { says, exitCode, history } = dataFaults[name]
    const command = stage.scene.run(
      ['--strategies', 'single,ddp', '--num-workers', '1', '--max-steps-per-epoch', '20'],
      {
        trainers: null,
        inside: name,
        // Real trainers take their time to warm up; what hangs is silent for longer.
        ...(name === 'data-worker-hangs' && { timeouts: { silenceMs: 8_000 } }),
      },
    )

    expect(await command.ended(), command.output()).toBe(exitCode)
    for (const { title, status, error } of stage.scene.results().measurements) {
      if (status !== 'skipped') expect(error?.message, title).toContain(says)
    }
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    await stage.scene.expectNothingLeft()
  })
})

describe.runIf(isLinux)('a TensorFlow that is none, in real trainers', { timeout: 180_000 }, () => {
  it.each(['another file', 'another library'])('%s', async (what) => {
    const { says, exitCode, history } = engineFaults['wrong-library']
    const engine = join(stage.scene.folder, 'engine')
    mkdirSync(engine)
    for (const name of libraryNames(process.platform)) {
      if (what === 'another file') writeFileSync(join(engine, name), 'not a library')
      else copyFileSync(anotherLibrary(), join(engine, name))
    }
    const command = stage.scene.run(
      ['--strategies', 'single,ddp', '--backend', 'tensorflow', '--tensorflow-dir', engine],
      { trainers: null },
    )

    expect(await command.ended(), command.output()).toBe(exitCode)
    const measurements = stage.scene.results().measurements.filter(({ status }) => status !== 'skipped')
    expect([...new Set(measurements.map(({ status }) => status))]).toEqual(['failed'])
    for (const { title, error } of measurements) expect(error?.message, title).toContain(`${says} ${engine}`)
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    await stage.scene.expectNothingLeft()
  })
})

/** One that this Node has loaded itself. */
function anotherLibrary(): string {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] }
  const found = sharedObjects.find((path) => /\/libm[.-][^/]*$/.test(path))
  if (found === undefined) throw new Error('this Node has loaded no libm')
  return found
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
