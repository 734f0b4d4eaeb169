import { z } from 'zod'
import { presetNames } from './domain/presets.js'
import { settingSchemas } from './domain/settings/settings.js'

/** Everything a person chose about a run, after presets and defaults. Stored in `results.json`. */
export const runConfigurationSchema = z.object({
  preset: z.enum([...presetNames, 'custom']),
  ...settingSchemas(),
})

export type RunConfiguration = z.infer<typeof runConfigurationSchema>
