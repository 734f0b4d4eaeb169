import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { measure } from '../../src/core/run/measure.js'
import { defaultTimeouts, type RunTimeouts } from '../../src/core/run/timeouts.js'
import { prepareScript } from '../../src/core/script/prepare-script.js'
import type { Measurement } from '../../src/shared/results/results.js'
import type { Script } from '../../src/shared/script/script.js'
import { configurationOf } from '../../src/shared/script/script-configuration.js'

export interface MeasuringOnce {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  timeouts?: Partial<RunTimeouts>
  signal?: AbortSignal
  /** Once its first rank is about to be measured. */
  onWarm?: (() => void) | undefined
}

/** Measures a script once on CPU devices, in the one world that it names, as `tandem measure` does. */
export async function measureOnce(
  script: Script,
  { environment, resourcesDirectory, timeouts, signal, onWarm }: MeasuringOnce,
): Promise<Measurement> {
  const configuration = configurationOf(script, { repeats: 1, seed: 0, deviceKind: 'cpu' })
  const input = await prepareScript(configuration, script, {
    ...{ environment, resourcesDirectory, tandemVersion: '0' },
  })
  const [planned] = input.measurements
  if (planned === undefined) throw new Error('there is nothing to measure')
  const trainers = { spawn: spawnNodeChild, spawnCommand: spawnSocketChild, entry: '', logDirectory: null }
  return await measure(planned, {
    input,
    host: { ...trainers, environment, timeouts: { ...defaultTimeouts, ...timeouts } },
    signal: signal ?? new AbortController().signal,
    onEvent(event) {
      if (event.type === 'warmed-up' && event.rank === 0) onWarm?.()
    },
    onEpoch() {},
  })
}
