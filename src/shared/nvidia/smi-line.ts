import { type GpuQuantity, plausible } from './plausible.js'
import { smiWord } from './smi-word.js'

/** What a line of nvidia-smi's CSV says. `Field` are the fields between `uuid` and `name`. */
export type SmiLine<Field extends string> =
  | ({ kind: 'gpu' } & SmiGpu<Field>)
  /** A GPU that cannot be used; what it did not say of itself is null. */
  | { kind: 'faulty'; index: number | null; uuid: string | null; model: string | null; fault: string }
  /** A warning or an error, before, between or after the rows. */
  | { kind: 'words'; text: string }
  | { kind: 'nothing' }

export interface SmiGpu<Field extends string> {
  index: number
  /** NVIDIA's, or one made of the index where the driver keeps it to itself (Jetson). */
  uuid: string
  model: string
  /** Null for what the driver does not say. */
  cells: Readonly<Record<Field, string | null>>
}

/** `index` and `uuid` come first, and the name last, since it may hold commas. */
export function smiQuery(fields: readonly string[]): string {
  return ['index', 'uuid', ...fields, 'name'].join(',')
}

/** Without a header and without units; drivers that print them nevertheless are read too. */
export const smiFormat = '--format=csv,noheader,nounits'

/**
 * Reads one line of the answer to `smiQuery(fields)`. A GPU is good if it has a number and does not say that it, its
 * name or its memory is at fault; whatever else it keeps to itself is null.
 */
export function parseSmiLine<Field extends string>(line: string, fields: readonly Field[]): SmiLine<Field> {
  const text = line.replace(/^\uFEFF/, '').trim()
  if (text === '') return { kind: 'nothing' }
  const cells = splitCells(text, fields.length + 3)
  const [number = '', uuidCell = ''] = cells
  if (number.toLowerCase() === 'index') return { kind: 'nothing' }
  const index = /^\d{1,4}$/.test(number) ? Number(number) : null
  if (cells.length < fields.length + 3) return cutOff(index, uuidCell) ?? { kind: 'words', text }

  const figures = cells.slice(2, fields.length + 2)
  const name = cells.slice(fields.length + 2).join(', ')
  const uuid = uuidOf(uuidCell, index)
  const model = modelOf(name)
  const fault = faultOf(cells, fields, name)
  if (fault !== null && (index !== null || smiWord(number).kind !== 'value')) {
    return { kind: 'faulty', index, uuid, model, fault }
  }
  if (index === null || uuid === null) return { kind: 'words', text }
  const values = fields.map((field, position) => [field, textOf(figures[position] ?? '')])
  return {
    kind: 'gpu',
    index,
    uuid,
    model: model ?? 'NVIDIA GPU',
    cells: Object.fromEntries(values) as Record<Field, string | null>,
  }
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  kib: 2 ** -10,
  mib: 1,
  gib: 2 ** 10,
  mw: 1e-3,
  kw: 1e3,
}

/**
 * A cell as a number in nvidia-smi's own unit (%, MiB, W, °C, MHz), with a point or a comma for decimals; null where it
 * is none, or one that cannot be. `toUnit` makes it the unit of `quantity`.
 */
export function smiNumber(cell: string | null, quantity: GpuQuantity, toUnit = 1): number | null {
  const [, digits, unit = ''] = /^(\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*([%a-z]*)$/i.exec(cell ?? '') ?? []
  if (digits === undefined) return null
  const scale = (units[unit.toLowerCase()] ?? 1) * toUnit
  return plausible(quantity, Number(digits.replace(',', '.')) * scale)
}

/** nvidia-smi separates by comma and blank, which tells a decimal comma apart. */
function splitCells(text: string, wanted: number): string[] {
  const cells = text.split(/,\s+/)
  return (cells.length >= wanted ? cells : text.split(',')).map((cell) => cell.trim())
}

function uuidOf(cell: string, index: number | null): string | null {
  if (/^(GPU|MIG)-\S+$/i.test(cell) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(cell)) return cell
  return index !== null && smiWord(cell).kind === 'unknown' ? `index-${index}` : null
}

/** A driver that hangs or crashes leaves the row that it was at unfinished. */
function cutOff(index: number | null, uuidCell: string): Extract<SmiLine<never>, { kind: 'faulty' }> | null {
  if (index === null || !/^(GPU|MIG)-/i.test(uuidCell)) return null
  return { kind: 'faulty', index, uuid: null, model: null, fault: 'no more than the beginning of its row' }
}

/** A number with all bits set is no name. */
function modelOf(name: string): string | null {
  return smiWord(name).kind === 'value' && !/^[\d.e+]+$/i.test(name) ? name : null
}

/** What makes a GPU unfit for use: that it is lost, or that the driver fails at its identity or its memory. */
function faultOf(cells: readonly string[], fields: readonly string[], name: string): string | null {
  const words = cells.map(smiWord)
  const lost = words.find(({ kind }) => kind === 'lost')
  if (lost !== undefined) return lost.text
  const memory = fields.indexOf('memory.total')
  const vital = [cells[1] ?? '', name, ...(memory === -1 ? [] : [cells[memory + 2] ?? ''])]
  return vital.map(smiWord).find(({ kind }) => kind === 'error')?.text ?? null
}

function textOf(cell: string): string | null {
  const { kind, text } = smiWord(cell)
  return kind === 'value' ? text : null
}
