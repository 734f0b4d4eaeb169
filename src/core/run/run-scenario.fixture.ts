import { afterEach, expect } from 'vitest'
import { toTrainerSchema } from '../../shared/child/trainer-protocol.js'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { Results } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { type FakeBehaviour, fakeHost, running } from './fake-host.fixture.js'
import { fakeRun } from './fake-run.fixture.js'
import { keptPaces } from './kept-paces.fixture.js'
import type { PaceStore } from './pace-file.js'
import { runBenchmark } from './run-benchmark.js'
import type { RunObserver } from './run-observer.js'
import { RunWarnings } from './run-warnings.js'

const pids: number[] = []

afterEach(() => {
  expect(running(pids.splice(0))).toEqual([])
})

interface Scenario {
  configuration?: Partial<RunConfiguration>
  backend?: 'tensorflow' | 'wasm'
  behaviour?: FakeBehaviour
  abortOn?: RunEvent['type']
  save?: (results: Results) => Promise<void>
  observer?: RunObserver
  paces?: PaceStore
  warnings?: RunWarning[]
}

/** A run of fake trainers to its end; after each test none of them may be left. */
export async function run(scenario: Scenario = {}) {
  const host = fakeHost(scenario.behaviour)
  const events: RunEvent[] = []
  const saved: Results[] = []
  const controller = new AbortController()
  const collectivePaths: string[] = []
  const trainers: typeof host = {
    ...host,
    spawn: (options) => {
      const child = host.spawn(options)
      return {
        ...child,
        send: (sent) => {
          const message = toTrainerSchema.parse(sent)
          if (message.type === 'start' && message.job.collective?.kind === 'shared-memory') {
            collectivePaths.push(message.job.collective.path)
          }
          child.send(sent)
        },
      }
    },
  }
  const results = await runBenchmark(
    fakeRun(scenario.configuration, scenario.backend),
    {
      trainers,
      saveResults: async (document) => {
        saved.push(structuredClone(document))
        await scenario.save?.(document)
      },
      observer: scenario.observer ?? null,
      warnings: new RunWarnings(scenario.warnings),
      paces: scenario.paces ?? keptPaces(),
    },
    {
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event)
        if (event.type === scenario.abortOn) controller.abort()
      },
    },
  )
  pids.push(...host.pids)
  return { results, events, saved, started: host.pids.length, collectivePaths }
}
