import { z } from 'zod'
import { collectiveSchema, trainerBackendSchema } from '../child/trainer-protocol.js'
import { errorReportSchema } from '../errors.js'
import { deviceSchema } from '../machine/device.js'
import { findingSchema } from './doctor-report.js'

/*
 * Messages between the host and an engine-check process, which proves one thing after another of an engine in a process
 * of its own: whatever a driver does to it, the host goes on. Before each check comes `began`, so that a process that
 * hangs or dies is known by what it was at.
 */

const sharedFields = {
  backend: trainerBackendSchema,
  devices: z.array(deviceSchema).min(1),
}

export const engineCheckJobSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('engine'),
    ...sharedFields,
    /** Committed training steps, for an engine whose program does not have them; it knows their form. */
    golden: z.unknown().optional(),
  }),
  /** One rank of a group that sums vectors of several sizes. */
  z.object({
    kind: z.literal('all-reduce'),
    ...sharedFields,
    rank: z.number().int().nonnegative(),
    worldSize: z.number().int().min(2),
    exchanges: z
      .array(z.object({ collective: collectiveSchema, elements: z.number().int().positive() }))
      .min(1),
  }),
])

export type EngineCheckJob = z.infer<typeof engineCheckJobSchema>

export const toEngineCheckSchema = z.object({ type: z.literal('start'), job: engineCheckJobSchema })

export const fromEngineCheckSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('began'), id: z.string(), title: z.string() }),
  z.object({
    type: z.literal('found'),
    id: z.string(),
    finding: findingSchema,
    ms: z.number().nonnegative(),
  }),
  /** Of one size: how long a sum took, and whether every element was right. */
  z.object({
    type: z.literal('summed'),
    elements: z.number().int().positive(),
    ms: z.number().nonnegative(),
    isRight: z.boolean(),
    through: z.string(),
  }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), error: errorReportSchema }),
])

export type FromEngineCheck = z.infer<typeof fromEngineCheckSchema>
