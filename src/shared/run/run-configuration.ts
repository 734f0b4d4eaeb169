import { z } from 'zod'
import { presetNames } from '../domain/presets.js'
import { settingSchemas } from '../domain/settings/settings.js'
import { scriptSchema } from '../script/script.js'

/** What quick chooses by itself, beside how much is trained, as long as nobody has. */
export const quickChoiceNames = ['repeats', 'batch'] as const

/** Everything a person chose about a run, after presets and defaults. Stored in `results.json`. */
export const runConfigurationSchema = z.object({
  preset: z.enum([...presetNames, 'custom']),
  ...settingSchemas(),
  /** What the quick preset may choose to suit machine and time; what someone sets is left out of it. Else empty. */
  quickChooses: z.array(z.enum(quickChoiceNames)).default([]),
  /** A script that is measured in place of Tandem's own training; then settings of that training mean nothing. */
  script: scriptSchema.optional(),
})

export type RunConfiguration = z.infer<typeof runConfigurationSchema>

/** What the quick preset chose for a run, from how fast this machine is. */
export const quickChoiceSchema = z.object({
  samplesPerEpoch: z.number().int().positive(),
  repeats: z.number().int().positive(),
  batchSizeSingle: z.number().int().positive(),
  perGpuBatchSize: z.number().int().positive(),
})

export type QuickChoice = z.infer<typeof quickChoiceSchema>
