import { presetNames } from '../../shared/domain/presets.js'
import { type SettingName, settingNames, settingOf } from '../../shared/domain/settings/settings.js'
import { strategyNames } from '../../shared/domain/strategies.js'
import { formatList } from '../../shared/text/format.js'
import { nearest } from './nearest.js'

/** What values stand for that settings do not know, and that no typing error explains. */
const otherValues: Partial<Record<SettingName, (text: string) => readonly string[]>> = {
  devices: devicesMeant,
  backend: (text) => (/^(tf|tfjs)$/i.test(text) ? ['tensorflow'] : []),
  precision: (text) =>
    /^(float32|full|32)$/i.test(text) ? ['fp32'] : /16|amp|half/i.test(text) ? ['mixed'] : [],
  dataset: (text) =>
    /^cifar/i.test(text) ? ['cifar10'] : /^(fake|random|generated)$/i.test(text) ? ['synthetic'] : [],
  strategies: (text) => (/^(all|\*)$/i.test(text) ? [strategyNames.join(',')] : []),
  learningRate: (text) => decimalPoint(text),
  sweep: (text) => (/^\d+(\s+\d+)+$/.test(text) ? [text.trim().replaceAll(/\s+/g, ',')] : []),
}

/**
 * What the value of a flag most likely means: `Most likely: --backend pytorch`. Null where nothing is likely.
 *
 * @param flag with its hyphens
 */
export function valueMeaning(flag: string, text: string): string | null {
  const values = flag === '--preset' ? nearestOf(text, presetNames) : valuesMeant(flag, text)
  return values.length === 0
    ? null
    : `Most likely: ${formatList(
        values.map((value) => `${flag} ${value}`),
        'or',
      )}`
}

function valuesMeant(flag: string, text: string): readonly string[] {
  if (flag === '--max-regression' && /^\d+(\.\d+)?$/.test(text)) return [`${text}%`]
  const name = settingNames.find((setting) => settingOf(setting).flag === flag)
  if (name === undefined) return []
  const special = otherValues[name]?.(text) ?? []
  if (special.length > 0) return special
  const { input } = settingOf(name)
  if (input.control === 'choice')
    return nearestOf(
      text,
      input.choices.map(({ value }) => value),
    )
  if (input.control === 'strategies') return strategiesMeant(text)
  return input.control === 'number'
    ? plainNumber(text).filter((value) => input.parse(value) !== undefined)
    : []
}

function nearestOf(text: string, words: readonly string[]): string[] {
  const near = nearest(text, words)
  return near === null ? [] : [near]
}

/** Each word by itself; spaces and semicolons join as commas do. */
function strategiesMeant(text: string): string[] {
  const words = text.split(/[\s,;+]+/).filter(Boolean)
  const names = words.map((word) => (/^data.?parallel$/i.test(word) ? 'dp' : nearest(word, strategyNames)))
  return names.length > 0 && names.every((name) => name !== null) ? [[...new Set(names)].join(',')] : []
}

/** `2` is two of something; `cuda:0` and the like are what PyTorch calls devices. */
function devicesMeant(text: string): string[] {
  const word = text.trim().toLowerCase()
  if (/^[1-9]\d*$/.test(word)) return [`cpu:${word}`, `gpu:${firstIndexes(Number(word)).join(',')}`]
  if (/^\d+(,\d+)+$/.test(word)) return [`gpu:${word}`]
  const [, kind, detail = ''] = /^(cuda|gpus?|cpus?|cores?)[:= ]?([\d,]*)$/.exec(word) ?? []
  if (kind === undefined) return word === 'all' ? ['auto', 'gpu'] : []
  const isCpu = kind.startsWith('c') && kind !== 'cuda'
  if (detail === '') return [isCpu ? 'cpu' : 'gpu']
  const trimmed = detail.replaceAll(/^,+|,+$/g, '')
  if (!isCpu) return [`gpu:${trimmed}`]
  // An index, or a list of cores: so many of them.
  const count = trimmed.includes(',') ? trimmed.split(',').length : Math.max(1, Number(trimmed))
  return [`cpu:${count}`]
}

function firstIndexes(count: number): number[] {
  return Array.from({ length: Math.min(count, 64) }, (_, index) => index)
}

/** `0,1` where a point is the decimal point. */
function decimalPoint(text: string): string[] {
  return /^\d+,\d+$/.test(text) ? [text.replace(',', '.')] : []
}

/** `5,000`, `5_000` and `5k` as 5000. */
function plainNumber(text: string): string[] {
  const [, digits, thousands] = /^(\d[\d,_ ]*)(k?)$/i.exec(text) ?? []
  if (digits === undefined) return []
  const plain = digits.replaceAll(/[,_ ]/g, '')
  return [thousands === '' ? plain : `${plain}000`]
}
