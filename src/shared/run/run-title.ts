import { datasets } from '../domain/datasets.js'
import { models } from '../domain/models.js'
import { presetTitles } from '../domain/presets.js'
import { scriptTitle } from '../script/script-text.js'
import type { RunConfiguration } from './run-configuration.js'

/** `Quick: ResNet-18 on the sample`, `Script: python train.py` */
export function runTitle({ configuration }: { configuration: RunConfiguration }): string {
  if (configuration.script !== undefined) return scriptTitle(configuration.script)
  const { preset, modelName, dataset, precision } = configuration
  const how = precision === 'mixed' ? ', mixed precision' : ''
  return `${presetTitles[preset]}: ${models[modelName].title} on ${datasets[dataset].title}${how}`
}
