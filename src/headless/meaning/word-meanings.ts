import { existsSync } from 'node:fs'
import { isRunId } from '../../core/history/run-folder.js'
import { presetNames } from '../../shared/domain/presets.js'
import { settingNames, settingOf } from '../../shared/domain/settings/settings.js'
import { meant, runCommands } from './flag-meanings.js'

/** What else commands might be called, and what is typed for them. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  benchmark: ['run'],
  bench: ['run'],
  measure: ['run'],
  train: ['run'],
  torchrun: ['ddp'],
  dashboard: ['start'],
  gui: ['start'],
  open: ['start'],
  ui: ['serve'],
  web: ['serve'],
  server: ['serve'],
  diff: ['compare'],
  export: ['report'],
  pdf: ['report', '--pdf', 'report.pdf'],
  html: ['report', '--html', 'report.html'],
  markdown: ['report', '--markdown', 'report.md'],
  list: ['history', 'list'],
  ls: ['history', 'list'],
  runs: ['history', 'list'],
  delete: ['history', 'delete'],
  remove: ['history', 'delete'],
  rm: ['history', 'delete'],
  restore: ['history', 'restore'],
  undelete: ['history', 'restore'],
  rename: ['history', 'rename'],
  note: ['history', 'note'],
  pin: ['history', 'pin'],
  unpin: ['history', 'unpin'],
  import: ['history', 'import'],
  install: ['engine', 'install'],
  tensorflow: ['engine', 'status'],
  gpus: ['devices'],
  gpu: ['devices'],
  check: ['doctor'],
  version: ['--version'],
}

/** What a word in the place of a command most likely means; null where nothing is likely. */
export function commandMeaning(word: string, args: readonly string[]): string | null {
  const rest = args.slice(args.indexOf(word) + 1)
  const named = Object.hasOwn(otherNames, word.toLowerCase()) ? otherNames[word.toLowerCase()] : undefined
  if (named !== undefined) return meant([...named, ...rest])
  if (namesRun(word))
    return `${meant(['report', word, '--html', 'report.html'])}, or: tandem compare ${word} latest`
  const flag = flagOfValue(word)
  return flag === null ? null : meant(['run', flag, word, ...rest])
}

/**
 * What a word beside a command's flags most likely means, of which the command takes none, or no more; null where nothing
 * is likely.
 *
 * @param operands what the command got
 */
export function operandMeaning(args: readonly string[], operands: readonly string[]): string | null {
  const command = args[0] ?? ''
  const word = operands.at(-1)
  if (word === undefined) return null
  if (command === 'report')
    return `One run is reported at a time; two are held against each other: tandem compare ${operands.join(' ')}`
  if (command === 'compare')
    return 'Two runs are compared; the dashboard shows more beside each other: tandem start'
  if (command === 'serve' || command === 'start') {
    return /^\d+$/.test(word) ? meant(args.flatMap((one) => (one === word ? ['--port', word] : [one]))) : null
  }
  if (!runCommands.includes(command)) return null
  if (namesRun(word))
    return `tandem ${command} measures anew. ${meant(['report', word, '--html', 'report.html'])}`
  const flag = flagOfValue(word)
  return flag === null ? null : meant(args.flatMap((one) => (one === word ? [flag, word] : [one])))
}

/** The flag that takes this word as its value, and no other word for it: `quick`, `resnet34`, `cifar10`, `ddp`, `cpu:2`. */
function flagOfValue(word: string): string | null {
  if (presetNames.some((preset) => preset === word)) return '--preset'
  const found = settingNames.find((name) => {
    const { input, flag } = settingOf(name)
    const takesWords = input.control === 'choice' || input.control === 'strategies' || name === 'devices'
    return flag !== null && takesWords && input.parse(word) !== undefined && !tooCommon.includes(word)
  })
  return found === undefined ? null : settingOf(found).flag
}

/** Words that several settings know. */
const tooCommon: readonly string[] = ['auto', 'on', 'off', 'none', 'default']

function namesRun(word: string): boolean {
  return isRunId(word) || /\.json$/i.test(word) || (word.includes('/') && existsSync(word))
}
