import { exposedMs, type StepModel } from '../limits/step-model.js'
import type { Lane, StepLanes } from './step-lanes.js'

/** What is changed of the measured step. */
export interface WhatIf {
  devices: number
  perDeviceBatchSize: number
  /** Times the measured bus bandwidth. */
  linkFactor: number
  /** A rank that computes so many times as long; null where all are alike. */
  slowRank: { rank: number; factor: number } | null
}

/**
 * The lanes of a step of DDP as the step model predicts it (see `StepModel`, with its limits): each rank computes, waits
 * for the slowest, exchanges and updates. A model, not a measurement, and to be drawn as one.
 */
export function predictedLanes(model: StepModel, whatIf: WhatIf): StepLanes {
  const { devices, perDeviceBatchSize, slowRank } = whatIf
  const exchangeMs = exposedMs(model, whatIf)
  const computeMs = Array.from({ length: devices }, (_, rank) => {
    const factor = slowRank?.rank === rank ? slowRank.factor : 1
    return model.msPerImage * perDeviceBatchSize * factor
  })
  const lastArrivalMs = Math.max(...computeMs)
  const summedMs = lastArrivalMs + exchangeMs
  const durationMs = summedMs + model.updateMs
  const lanes = computeMs.map((arrivalMs, rank): Lane => {
    const spans: Lane['spans'] = [
      { phase: 'compute', fromMs: 0, toMs: arrivalMs },
      { phase: 'straggler-wait', fromMs: arrivalMs, toMs: lastArrivalMs },
      { phase: 'all-reduce', fromMs: lastArrivalMs, toMs: summedMs },
      { phase: 'update', fromMs: summedMs, toMs: durationMs },
    ]
    return { device: rank, rank, spans: spans.filter(({ fromMs, toMs }) => toMs > fromMs) }
  })
  return {
    lanes,
    durationMs,
    isShared: false,
    restMs: 0,
    restShare: 0,
    excessShare: 0,
    clocksDisagree: false,
  }
}
