import { type Command, Option } from 'commander'
import { type PresetName, presetNames } from '../shared/domain/presets.js'
import { type SettingGroup, settingGroups } from '../shared/domain/settings/setting.js'
import { type SettingName, settingNames, settingOf } from '../shared/domain/settings/settings.js'
import { stillChosen } from '../shared/run/quick-choices.js'
import { type RunConfiguration, runConfigurationSchema } from '../shared/run/run-configuration.js'
import { standardStoppingRule } from '../shared/statistics/stopping-rule.js'
import { argumentParser } from './option-parsers.js'

/** Flags as commander hands them on. Those of settings are there where they were given, by the name of their flag. */
export interface TrainingFlags {
  tensorflowDir?: string
  dataDir?: string
  devices?: string
  python?: string
  unpack?: boolean
  outputFile: string
  json?: boolean
  [settingFlag: string]: unknown
}

export interface RunFlags extends TrainingFlags {
  preset?: PresetName
}

/** `tandem run` has all settings; where there is one strategy, there is none that compares several. */
export function addSettingOptions(
  command: Command,
  { comparesStrategies }: { comparesStrategies: boolean },
): void {
  for (const group of Object.keys(settingGroups) as SettingGroup[]) {
    command.optionsGroup(`${settingGroups[group]}:`)
    if (group === 'plan' && comparesStrategies) command.addOption(presetOption())
    for (const name of settingNames) {
      const { group: own, flag, isOfComparison } = settingOf(name)
      if (own !== group || flag === null || (isOfComparison && !comparesStrategies)) continue
      command.addOption(settingOption(name, flag))
    }
    if (group === 'data') {
      command.option('--unpack', "unpack CIFAR-10's archive, where --data-dir names it or a folder with it")
    }
    if (group === 'devices') {
      command.option(
        '--python <file>',
        'a Python that has PyTorch (default: the activated one, else the one on PATH)',
      )
      command.option(
        '--tensorflow-dir <folder>',
        'the folder with the TensorFlow library (default: found by Tandem)',
      )
    }
  }
}

function presetOption(): Option {
  const meaning =
    'start from these values, which every other flag overrides: quick (about a minute, anywhere) or notebook'
  return new Option('--preset <name>', meaning).choices(presetNames)
}

function settingOption(name: SettingName, flag: string): Option {
  const { help, unit, input, notebook } = settingOf(name)
  if (input.control === 'switch') return new Option(flag, help)
  const valueName = unit ?? input.valueName
  const option = new Option(
    input.wordOfFlagAlone === undefined ? `${flag} <${valueName}>` : `${flag} [${valueName}]`,
    `${help} (default: ${defaultText(name, notebook)})`,
  )
  if (input.wordOfFlagAlone !== undefined) option.preset(input.wordOfFlagAlone)
  // Help lists the choices, as far as anyone would read them.
  return input.control === 'choice' && input.choices.length < 8
    ? option.choices(input.choices.map(({ value }) => value))
    : option.argParser(argumentParser(input))
}

/** What stands for a choice on the command line, or the value as people read it. */
function defaultText(name: SettingName, value: unknown): string {
  const { input } = settingOf(name)
  return input.control === 'choice' ? String(value) : input.format(value)
}

export function addOutputOptions(command: Command, outputFile: string): Command {
  return command
    .optionsGroup('Output:')
    .option('--output-file <file>', 'the file for the results, replaced as the run proceeds', outputFile)
    .option('--json', 'print the results on standard output, everything else on standard error')
}

/** A preset with the flags that were given on top. */
export function configurationFrom(base: RunConfiguration, flags: TrainingFlags): RunConfiguration {
  const given = settingNames.flatMap((name) => {
    const { flag } = settingOf(name)
    const value = flag === null ? undefined : flags[new Option(flag).attributeName()]
    return value === undefined ? [] : [[name, value]]
  })
  const blocks = flags.untilNarrow === true ? { repeats: standardStoppingRule.maximumBlocks } : {}
  const chosen = { ...blocks, ...Object.fromEntries(given) }
  const quickChooses = stillChosen(base.quickChooses, Object.keys(chosen))
  return runConfigurationSchema.parse({ ...base, ...chosen, quickChooses })
}
