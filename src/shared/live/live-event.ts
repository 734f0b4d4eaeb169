import { z } from 'zod'
import { instantMsSchema, mostRanks } from '../bounds.js'
import { telemetrySampleSchema, trainerSampleSchema } from '../child/telemetry.js'
import { environmentSchema, runWarningSchema } from '../conditions/conditions.js'
import { machinePassportSchema, measurementSummarySchema, runStatusSchema } from '../results/results.js'
import { quickChoiceSchema, runConfigurationSchema } from '../run/run-configuration.js'
import { scriptCounts } from '../script/script.js'
import { groupStepSchema } from './group-step.js'

export const logLineSchema = z.object({
  /** `DDP rank 1`, or `Tandem` for what the host says. */
  source: z.string(),
  text: z.string(),
})

export type LogLine = z.infer<typeof logLineSchema>

/** A sample of the machine during a run, its trainers named. */
export const runSampleSchema = telemetrySampleSchema.extend({
  trainers: z.array(trainerSampleSchema.extend({ name: z.string() })).max(mostRanks),
  /** Of a run over several machines: whose it is, node 0 being the host. Absent for a run on one machine. */
  machine: z.number().int().nonnegative().optional(),
})

export type RunSample = z.infer<typeof runSampleSchema>

/**
 * The version of the recordings that this Tandem writes. Raised when an older one would take something in them for
 * something else; a new field or a new kind of event does not need that. Every new field is optional, with a stated
 * meaning where it is absent, so that older recordings stay readable as a whole.
 */
export const recordingVersion = 2

/** How far one measurement is. */
export const measurementPhaseSchema = z.enum(['starting', 'warming-up', 'training'])

export type MeasurementPhase = z.infer<typeof measurementPhaseSchema>

/**
 * Everything that a view of a run is made of, in order. A run that is under way sends these to the page; its
 * recording holds the same ones, so a recorded run looks as it looked live. `run-started` comes first, and
 * `run-finished` last unless the host was killed.
 */
export const liveEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    /** Absent: 1, from before recordings had a version. */
    recordingVersion: z.number().int().positive().optional(),
    runId: z.string(),
    startedAtMs: instantMsSchema,
    configuration: runConfigurationSchema,
    machine: machinePassportSchema,
    /** Of node 1 and those after it; absent for a run on one machine. */
    otherMachines: z.array(machinePassportSchema).max(256).optional(),
    environment: environmentSchema.nullable().default(null),
    /** As planned: no epochs yet, the skipped ones with their reason. */
    measurements: z.array(measurementSummarySchema),
    notes: z.array(z.string()),
  }),
  /** Quick chose how many images an epoch has; or something else worth reading beside the figures. */
  z.object({
    type: z.literal('note'),
    text: z.string(),
    samplesPerEpoch: z.number().int().positive().nullable(),
    /** All that quick chose; absent for other notes, and where an older Tandem chose the images alone. */
    chosen: quickChoiceSchema.optional(),
    /** By what the steps of a script are counted, those before this note too; absent for other notes. */
    counts: z.enum(scriptCounts).optional(),
  }),
  runWarningSchema.extend({ type: z.literal('warning') }),
  /** A measurement in its present state: begun, an epoch further, or ended. */
  z.object({ type: z.literal('measurement'), measurement: measurementSummarySchema }),
  z.object({
    type: z.literal('phase'),
    id: z.string(),
    phase: measurementPhaseSchema,
    /** Known once it is warmed up. */
    stepsPerEpoch: z.number().int().positive().nullable(),
  }),
  z.object({ type: z.literal('steps'), id: z.string(), steps: z.array(groupStepSchema) }),
  z.object({ type: z.literal('telemetry'), samples: z.array(runSampleSchema) }),
  z.object({ type: z.literal('log'), lines: z.array(logLineSchema) }),
  z.object({ type: z.literal('run-finished'), status: runStatusSchema, finishedAtMs: instantMsSchema }),
])

export type LiveEvent = z.infer<typeof liveEventSchema>

/** A line of a recording: what happened, and when, in milliseconds since the run began. */
export const recordedEventSchema = z.object({ atMs: z.number().nonnegative(), event: liveEventSchema })

export type RecordedEvent = z.infer<typeof recordedEventSchema>
