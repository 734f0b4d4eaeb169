import { Command } from 'commander'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetNames } from '../shared/domain/datasets.js'
import { backendNames, collectiveNames, precisionNames } from '../shared/domain/engines.js'
import { modelNames, stemNames } from '../shared/domain/models.js'
import { presetNames } from '../shared/domain/presets.js'
import { strategyNames } from '../shared/domain/strategies.js'
import { notebookPreset, presets, quickPreset } from '../shared/run/presets.js'
import { commandLine, runArguments, settingsWithoutFlag } from '../shared/run/run-command.js'
import type { RunConfiguration } from '../shared/run/run-configuration.js'
import { scalingKinds } from '../shared/run/scaling.js'
import { addOutputOptions, addSettingOptions, configurationFrom, type RunFlags } from './run-options.js'

/** What `tandem run` makes of these arguments, up to where it would start. */
function configurationOf(args: string[]): RunConfiguration {
  const command = new Command('run').exitOverride()
  addSettingOptions(command, { comparesStrategies: true })
  addOutputOptions(command, 'results.json')
  const [name, ...rest] = args
  expect(name).toBe('run')
  const { preset, ...flags }: RunFlags = command.parse(rest, { from: 'user' }).opts()
  const base = preset === undefined ? { ...notebookPreset, preset: 'custom' as const } : presets[preset]
  return configurationFrom(base, flags as RunFlags)
}

const images = fc.integer({ min: 1, max: 100_000 })
const anyConfiguration: fc.Arbitrary<RunConfiguration> = fc.record({
  preset: fc.constantFrom(...presetNames, 'custom' as const),
  strategies: fc.subarray([...strategyNames], { minLength: 1 }),
  modelName: fc.constantFrom(...modelNames),
  stem: fc.constantFrom(...stemNames),
  dataset: fc.constantFrom(...datasetNames),
  dataDir: fc.option(fc.string({ minLength: 1 }).filter((path) => !path.startsWith('-'))),
  batchSizeSingle: images,
  perGpuBatchSize: images,
  epochs: fc.integer({ min: 1, max: 200 }),
  numWorkers: fc.integer({ min: 0, max: 256 }),
  maxStepsPerEpoch: fc.oneof(fc.constant(-1 as const), images),
  samplesPerEpoch: fc.option(images),
  learningRate: fc.double({ min: 1e-9, max: 10, noNaN: true }),
  momentum: fc.constant(0.9),
  weightDecay: fc.constant(5e-4),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  precision: fc.constantFrom(...precisionNames),
  devices: fc.constantFrom('auto', 'cpu', 'cpu:4', 'gpu', 'gpu:0,2'),
  backend: fc.constantFrom(...backendNames),
  memoryFormat: fc.constantFrom('channels-last' as const, 'contiguous' as const),
  compile: fc.constantFrom('off' as const, 'default' as const, 'max-autotune' as const),
  bucketMebibytes: fc.integer({ min: 1, max: 4096 }),
  collective: fc.constantFrom(...collectiveNames),
  gradientCompression: fc.constantFrom('none' as const, 'bf16' as const),
  slowRank: fc.constantFrom('none', '1:1.5x', '0:10x'),
  repeats: fc.integer({ min: 1, max: 100 }),
  untilNarrow: fc.boolean(),
  scaling: fc.constantFrom(...scalingKinds),
  sweep: fc.constantFrom<boolean | number[]>(false, true, [2], [1, 2, 4]),
  autotune: fc.constantFrom('auto' as const, 'on' as const, 'off' as const, 'report' as const),
  quickChooses: fc.constant([]),
  evaluate: fc.boolean(),
  requireGpu: fc.boolean(),
})

describe('the command that measures a configuration again', () => {
  it('is read back as that configuration, whatever it is', () => {
    fc.assert(
      fc.property(anyConfiguration, (configuration) => {
        const { quickChooses: _, ...read } = configurationOf(runArguments(configuration))
        const { quickChooses: __, ...chosen } = configuration
        expect(read).toEqual(chosen)
      }),
    )
  })

  it('is as short as what was chosen', () => {
    expect(commandLine(runArguments(quickPreset))).toBe('npx --no tandem run --preset quick')
    expect(commandLine(runArguments({ ...quickPreset, repeats: 5, samplesPerEpoch: 1_664 }))).toBe(
      'npx --no tandem run --preset quick --repeats 5 --samples-per-epoch 1664',
    )
  })

  it('quotes for a shell what a shell would take apart', () => {
    const dataDir = `/data/it's here; rm $HOME`
    expect(commandLine(runArguments({ ...notebookPreset, dataDir }))).toBe(
      `npx --no tandem run --preset notebook --data-dir '/data/it'\\''s here; rm $HOME'`,
    )
  })

  it('names what no flag can choose', () => {
    expect(settingsWithoutFlag(quickPreset)).toEqual([])
    expect(settingsWithoutFlag({ ...quickPreset, momentum: 0.8 })).toEqual(['momentum 0.8'])
  })
})
