import type { GroupStep } from '../../src/shared/live/group-step.js'
import { plannedMeasurement, runSample, runStarted } from '../../src/shared/live/live-run.fixture.js'
import { pretendedGpu } from '../pretended-gpu.js'
import { serveToldRun } from './told-run.js'

/*
 * A host that tells its pages of a run larger than this machine could make: 16 ranks, or as many as
 * its second argument says, at 50 steps a second, and as many devices sampled 10 times a second. It is served as the web host serves, and driven by `stream.mjs`.
 *
 * Prints the address as JSON on its first line.
 */
const ranks = Number(process.argv[3] ?? 16)
const devices = ranks
const stepMs = 20
const sampleMs = 100

const measurement = plannedMeasurement('ddp', { worldSize: ranks })
const started = { ...runStarted([plannedMeasurement('single'), measurement]), startedAtMs: Date.now() }
const { url, tell } = await serveToldRun(process.argv[2] as string, started)
process.stdout.write(`${JSON.stringify({ url })}\n`)
tell({ type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 1_000 })

let ordinal = 0
setInterval(() => {
  tell({ type: 'steps', id: 'ddp', steps: [step(ordinal++)] })
}, stepMs)
setInterval(() => {
  const gpus = Array.from({ length: devices }, (_, index) => pretendedGpu(index))
  tell({ type: 'telemetry', samples: [runSample(Date.now(), { gpus })] })
}, sampleMs)
function step(index: number): GroupStep {
  const noise = (): number => 1 + 0.2 * (Math.random() - 0.5)
  const spike = index % 500 === 0 ? 3 : 1
  return {
    epoch: Math.floor(index / 1_000),
    step: index % 1_000,
    endedAtMs: Date.now(),
    loss: (2.3 * noise()) / (1 + index / 3_000),
    images: 64 * ranks,
    stepMs: stepMs * noise() * spike,
    dataWaitMs: 1,
    computeMs: 14 * noise(),
    communicationMs: 3 * noise(),
    updateMs: 1,
    ranks: {
      stepMs: Array.from({ length: ranks }, () => stepMs * noise()),
      lateMs: Array.from({ length: ranks }, () => 2 * Math.random()),
    },
  }
}
