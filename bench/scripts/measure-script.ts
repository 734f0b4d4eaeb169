import { join } from 'node:path'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { measure } from '../../src/core/run/measure.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { prepareScript } from '../../src/core/script/prepare-script.js'
import type { Measurement } from '../../src/shared/results/results.js'
import { configurationOf } from '../../src/shared/script/script-configuration.js'

/** A script, by its place in the clone, and how it is measured once. */
export interface ScriptOfBench {
  python: string
  file: string
  parameters: readonly string[]
  ranks: number
  steps: number
  warmUpSteps: number
}

/** Measures it on CPU devices, as `tandem measure` does. Throws what went wrong with it. */
export async function measureScript(script: ScriptOfBench): Promise<Measurement> {
  const { python, file, parameters, ranks, steps, warmUpSteps } = script
  const root = process.env.TANDEM_BENCH_ROOT ?? ''
  const chosen = {
    ...{
      command: [python, '-B', file, ...parameters],
      folder: root,
      worlds: [ranks],
      launcher: 'tandem' as const,
    },
    ...{ steps, warmUpSteps, perDeviceBatch: null, globalBatch: null, startSeconds: 600, isInScratch: false },
  }
  const configuration = configurationOf(chosen, { repeats: 1, seed: 0, deviceKind: 'cpu' })
  const environment = childEnvironment(process.env)
  const input = await prepareScript(configuration, chosen, {
    ...{ environment, resourcesDirectory: join(root, 'resources'), tandemVersion: '0' },
  })
  const [planned] = input.measurements
  if (planned === undefined) throw new Error('there is nothing to measure')
  const trainers = { spawn: spawnNodeChild, spawnCommand: spawnSocketChild, entry: '', logDirectory: null }
  const measured = await measure(planned, {
    input,
    host: { ...trainers, environment, timeouts: defaultTimeouts },
    signal: new AbortController().signal,
    onEvent() {},
    onEpoch() {},
  })
  if (measured.error !== null) throw new Error(`${measured.error.message}\n${measured.error.details ?? ''}`)
  return measured
}
