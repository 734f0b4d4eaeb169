import { z } from 'zod'
import { type Results, resultsSchema, withoutSteps } from '../results/results.js'
import { type StrategyResult, strategyResults } from '../results/strategy-results.js'
import { hasInterval } from '../statistics/speedup-estimate.js'
import { badges } from '../validity/finding.js'
import { judgeRun } from '../validity/judge-run.js'
import { validityHeadline } from '../validity/validity-text.js'
import { runConfigurationSchema } from './run-configuration.js'
import { knowsSamples } from './trained-unit.js'

/**
 * How a run in the history stands. `running`: the process that owns it is alive. `interrupted`: it was killed,
 * and what it had measured is kept.
 */
export const historyStatusSchema = z.enum(['running', 'complete', 'failed', 'cancelled', 'interrupted'])

export type HistoryStatus = z.infer<typeof historyStatusSchema>

/** One run in the history's list. */
export const runSummarySchema = z.object({
  runId: z.string().min(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  status: historyStatusSchema,
  configuration: runConfigurationSchema,
  hostName: z.string(),
  cpuModel: z.string(),
  gpuModels: z.array(z.string()),
  tandemVersion: z.string(),
  /** How far its figures can be relied on, in a few words; null in entries that an older Tandem wrote. */
  validity: z
    .object({ badge: z.enum(badges), headline: z.string() })
    .nullable()
    .default(null),
  measurements: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: resultsSchema.shape.measurements.element.shape.status,
      devices: z.number().int().nonnegative(),
      deviceKind: z.enum(['cpu', 'gpu']),
      backend: z.string().nullable(),
      meanEpochSeconds: z.number().nullable(),
      imagesPerSecond: z.number().nullable(),
      speedup: z.number().nullable(),
      efficiency: z.number().nullable(),
      /** Null, these and the speedup's interval, in entries that an older Tandem wrote. */
      globalBatchSize: z.number().int().positive().nullable().default(null),
      /** Measured to their end. */
      repeats: z.number().int().nonnegative().nullable().default(null),
      /** Of the speedup; null without one. */
      interval: z.object({ low: z.number(), high: z.number() }).nullable().default(null),
    }),
  ),
})

export type RunSummary = z.infer<typeof runSummarySchema>

/** The summary of results, as they are now. */
export function summariseRun(results: Results): RunSummary {
  const { machine } = results
  const strategies = strategyResults(results.measurements.map(withoutSteps), results.configuration)
  const validity = judgeRun(results, strategies)
  return {
    runId: results.runId,
    startedAt: results.startedAt,
    finishedAt: results.finishedAt,
    status: results.status === 'incomplete' ? 'running' : results.status,
    configuration: results.configuration,
    hostName: machine.hostName,
    cpuModel: machine.cpuModel,
    gpuModels: machine.gpus.map(({ model }) => model),
    tandemVersion: machine.tandemVersion,
    validity: { badge: validity.badge, headline: validityHeadline(validity) },
    measurements: strategies.map((measurement) => ({
      id: measurement.id,
      title: measurement.title,
      status: measurement.status,
      devices: measurement.devices.length,
      deviceKind: measurement.devices[0]?.kind ?? 'cpu',
      backend: measurement.backend,
      meanEpochSeconds: measurement.meanEpochSeconds,
      imagesPerSecond: measurement.imagesPerSecond,
      speedup: measurement.speedup,
      efficiency: measurement.efficiency,
      globalBatchSize: knowsSamples(measurement.unit) ? measurement.globalBatchSize : null,
      repeats: measurement.repeats.filter(({ status }) => status === 'completed').length,
      interval: intervalOf(measurement),
    })),
  }
}

function intervalOf({ answer }: StrategyResult): { low: number; high: number } | null {
  if (answer?.comparison.kind !== 'compared') return null
  const { estimate } = answer.comparison
  return hasInterval(estimate) ? { low: estimate.low, high: estimate.high } : null
}
