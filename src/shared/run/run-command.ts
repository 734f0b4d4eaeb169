import { settingNames, settingOf } from '../domain/settings/settings.js'
import type { Script } from '../script/script.js'
import { standardStoppingRule } from '../statistics/stopping-rule.js'
import { shellWord } from '../text/shell-word.js'
import { notebookPreset, presets } from './presets.js'
import type { RunConfiguration } from './run-configuration.js'

/**
 * The arguments of `tandem` that measure with this configuration again: its preset, and a flag for each setting that
 * differs from it.
 *
 * @param nodes of how many machines it was; node 0's arguments, with words in place of what is each machine's own
 */
export function runArguments(configuration: RunConfiguration, nodes = 1): string[] {
  const { preset, script } = configuration
  if (script !== undefined) return measureArguments(script, configuration, nodes)
  const base = baseOf(configuration)
  return [
    'run',
    ...(preset === 'custom' ? [] : ['--preset', preset]),
    ...settingNames.flatMap((name) => {
      const { flag } = settingOf(name)
      const value = configuration[name]
      if (flag === null || String(value) === String(base[name])) return []
      return value === true ? [flag] : [flag, String(value)]
    }),
    ...placeArguments(nodes),
  ]
}

function placeArguments(nodes: number): string[] {
  if (nodes === 1) return []
  return [
    ...['--nnodes', String(nodes), '--node-rank', '0'],
    ...['--rdzv-endpoint', 'HOST:PORT', '--rdzv-secret-file', 'FILE'],
  ]
}

/** Those of `tandem measure`, for a script. */
function measureArguments(
  script: Script,
  { repeats, seed, devices }: RunConfiguration,
  nodes: number,
): string[] {
  const { perDeviceBatch, globalBatch } = script
  return [
    ...['measure', '--devices', script.worlds.join(',')],
    ...(devices === 'auto' ? [] : ['--device-kind', devices]),
    ...['--repeats', String(repeats), '--seed', String(seed)],
    ...['--steps', String(script.steps), '--warm-up', String(script.warmUpSteps)],
    ...(perDeviceBatch === null ? [] : ['--per-device-batch', String(perDeviceBatch)]),
    ...(globalBatch === null ? [] : ['--global-batch', String(globalBatch)]),
    ...['--launcher', script.launcher, '--start-limit', String(script.startSeconds)],
    ...(script.isInScratch ? ['--scratch'] : []),
    ...placeArguments(nodes),
    ...['--folder', script.folder, '--', ...script.command],
  ]
}

/** Settings of a configuration that no flag can choose, as `momentum 0.8`; empty but for runs of other programs. */
export function settingsWithoutFlag(configuration: RunConfiguration): string[] {
  if (configuration.script !== undefined) return []
  const base = baseOf(configuration)
  return settingNames.flatMap((name) => {
    const { flag, label } = settingOf(name)
    const value = configuration[name]
    return flag !== null || value === base[name] ? [] : [`${label.toLowerCase()} ${value}`]
  })
}

/** As a person types it into a POSIX shell. `--no` keeps npx from fetching a package of that name where there is no Tandem. */
export function commandLine(args: readonly string[]): string {
  return ['npx', '--no', 'tandem', ...args.map((word) => shellWord(word))].join(' ')
}

/** What the command line starts from, before flags. */
function baseOf({ preset, untilNarrow }: RunConfiguration): RunConfiguration {
  const base = preset === 'custom' ? notebookPreset : presets[preset]
  return untilNarrow ? { ...base, repeats: standardStoppingRule.maximumBlocks } : base
}
