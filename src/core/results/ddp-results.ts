import { z } from 'zod'
import { errorReportSchema } from '../../shared/errors.js'
import { deviceName } from '../../shared/machine/device.js'
import { machinePassportSchema, type Results } from '../../shared/results/results.js'
import { runConfigurationSchema } from '../../shared/run/run-configuration.js'
import { badges } from '../../shared/validity/finding.js'
import { judgeRun } from '../../shared/validity/judge-run.js'
import { findingLine } from '../../shared/validity/validity-text.js'

/**
 * What `tandem ddp` writes: flat and in snake_case, as a script under torchrun would, so that notebooks read
 * `epoch_times` as they did. Lists have an entry an epoch.
 */
export const ddpResultsSchema = z.object({
  format: z.literal('tandem-ddp-results'),
  version: z.literal(1),
  run_id: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  status: z.enum(['complete', 'incomplete', 'failed', 'cancelled']),
  error: errorReportSchema.nullable(),
  world_size: z.number().int().positive(),
  devices: z.array(z.string()),
  per_gpu_batch_size: z.number().int().positive(),
  global_batch_size: z.number().int().positive(),
  /** Seconds. */
  epoch_times: z.array(z.number()),
  mean_epoch_time: z.number().nullable(),
  losses: z.array(z.number()),
  /** 0 to 1; null without evaluation. */
  test_accuracies: z.array(z.number().nullable()),
  images_per_epoch: z.array(z.number()),
  images_per_second: z.number().nullable(),
  parameter_checksums: z.array(z.string()),
  backend: z.string().nullable(),
  backend_version: z.string().nullable(),
  collective: z.string().nullable(),
  /** Seconds, not part of any epoch's. */
  trace_time: z.number().nullable(),
  notes: z.array(z.string()),
  /** How far the figures can be relied on, and why: a line each. */
  validity: z.enum(badges),
  findings: z.array(z.string()),
  configuration: runConfigurationSchema,
  machine: machinePassportSchema,
})

export type DdpResults = z.infer<typeof ddpResultsSchema>

/** The DDP measurement of a run by itself. */
export function ddpResults(results: Results): DdpResults {
  const [strategy] = results.configuration.strategies
  const ddp = results.measurements.find(({ id }) => id === strategy)
  const epochs = ddp?.epochs ?? []
  const validity = judgeRun(results)
  return ddpResultsSchema.parse({
    format: 'tandem-ddp-results',
    version: 1,
    run_id: results.runId,
    started_at: results.startedAt,
    finished_at: results.finishedAt,
    status: results.status,
    error: ddp?.error ?? null,
    world_size: ddp?.worldSize ?? 1,
    devices: (ddp?.devices ?? []).map(deviceName),
    per_gpu_batch_size: results.configuration.perGpuBatchSize,
    global_batch_size: ddp?.globalBatchSize ?? results.configuration.perGpuBatchSize,
    epoch_times: epochs.map((epoch) => epoch.seconds),
    mean_epoch_time: ddp?.meanEpochSeconds ?? null,
    losses: epochs.flatMap(({ loss }) => loss ?? []),
    test_accuracies: epochs.map((epoch) => epoch.testAccuracy),
    images_per_epoch: epochs.map((epoch) => epoch.images),
    images_per_second: ddp?.imagesPerSecond ?? null,
    parameter_checksums: epochs.flatMap(({ parameterChecksum }) => parameterChecksum ?? []),
    backend: ddp?.backend ?? null,
    backend_version: ddp?.backendVersion ?? null,
    collective: ddp?.collective ?? null,
    trace_time: ddp?.traceMs == null ? null : ddp.traceMs / 1000,
    notes: results.notes,
    validity: validity.badge,
    findings: validity.findings.map(findingLine),
    configuration: results.configuration,
    machine: results.machine,
  } satisfies DdpResults)
}
