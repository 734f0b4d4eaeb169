import { models } from './domain/models.js'
import type { RunConfiguration } from './run-configuration.js'

const presetTitles = { quick: 'Quick', notebook: 'Notebook', custom: 'Custom' }
const datasetTitles = { sample: 'the sample', cifar10: 'CIFAR-10', synthetic: 'synthetic pictures' }

/** `Quick: ResNet-18 on the sample` */
export function runTitle({ configuration }: { configuration: RunConfiguration }): string {
  const { preset, modelName, dataset, precision } = configuration
  const how = precision === 'mixed' ? ', mixed precision' : ''
  return `${presetTitles[preset]}: ${models[modelName].title} on ${datasetTitles[dataset]}${how}`
}
