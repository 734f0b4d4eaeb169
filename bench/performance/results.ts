import { z } from 'zod'
import { machinePassportSchema } from '../../src/shared/results/results.js'
import { isaNames } from './isa.js'

/** Every case of one group measured once, soon after each other. */
const blockResultSchema = z.object({
  group: z.string(),
  index: z.number().int().nonnegative(),
  /** Cases as they were measured. */
  order: z.array(z.string()),
  /** Figures by case and name. */
  samples: z.record(z.string(), z.record(z.string(), z.number())),
  /** What went wrong, by case. */
  failures: z.record(z.string(), z.string()),
})

const evaluationSchema = z.object({
  section: z.string(),
  title: z.string(),
  group: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
  /** 95 % interval over blocks. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  blocks: z.number().int().nonnegative(),
  bar: z.union([z.object({ atLeast: z.number() }), z.object({ atMost: z.number() })]).nullable(),
  reached: z.boolean().nullable(),
  /** The bar lies within the interval, or there is none. */
  inDoubt: z.boolean(),
})

/** The document that `npm run bench` writes: everything that was measured, and what is said of it. */
export const benchResultsSchema = z.object({
  benchVersion: z.literal(1),
  startedAt: z.string(),
  machine: machinePassportSchema.omit({ hostName: true }),
  /** PyTorch's version; null where there was none. */
  torchVersion: z.string().nullable(),
  /** The cores that were used, one of each physical one. */
  cores: z.array(z.number().int().nonnegative()),
  seed: z.number().int().nonnegative(),
  quick: z.boolean(),
  /** What both sides were held to; null for all that the processor has. */
  isa: z.enum(isaNames).nullable().default(null),
  /** What was left out, and why. */
  notes: z.array(z.string()),
  blocks: z.array(blockResultSchema),
  findings: z.array(evaluationSchema),
})

export type BlockResult = z.infer<typeof blockResultSchema>
export type BenchResults = z.infer<typeof benchResultsSchema>
