import { z } from 'zod'
import { formatCount, formatList } from '../../text/format.js'

/**
 * What a setting takes: what is allowed, in a schema and in words, how it is read from a word on the command line, how it
 * is written for people, and with what a form asks for it.
 */
export interface SettingInput<Value> {
  control: 'choice' | 'number' | 'text' | 'switch' | 'strategies' | 'counts'
  schema: z.ZodType<Value>
  /** Follows "Allowed: ", without a full stop. */
  allowed: string
  /** What the command line's help calls the value; null for a switch, which takes none. */
  valueName: string | null
  /** The word that the flag alone stands for, where it may stand without one. */
  wordOfFlagAlone?: string
  /** Undefined for what is not allowed. */
  parse(text: string): Value | undefined
  format(value: Value): string
  /** Of a choice: what there is, in words. */
  choices: readonly { value: string; label: string }[]
}

/**
 * One of a few names.
 *
 * @param labels each name's words in a form
 * @param title each name's words elsewhere; the name itself where it is left out
 */
export function choiceOf<Name extends string>(
  names: readonly Name[],
  labels: (name: Name) => string,
  title: (name: Name) => string = String,
): SettingInput<Name> {
  return {
    control: 'choice',
    schema: z.enum(names as readonly [Name, ...Name[]]) as unknown as z.ZodType<Name>,
    allowed: formatList(names, 'or'),
    valueName: 'name',
    parse: (text) => names.find((name) => name === text),
    format: title,
    choices: names.map((name) => ({ value: name, label: labels(name) })),
  }
}

/** Some of a few names, each once and in their own order: `single,dp`. */
export function someOf<Name extends string>(names: readonly Name[]): SettingInput<Name[]> {
  return {
    control: 'strategies',
    schema: z.array(z.enum(names as readonly [Name, ...Name[]])).min(1) as unknown as z.ZodType<Name[]>,
    allowed: `${names.join(', ')}, joined by commas`,
    valueName: 'list',
    parse(text) {
      const words = text.split(',').map((word) => word.trim())
      const chosen = names.filter((name) => words.includes(name))
      return words.every((word) => chosen.includes(word as Name)) ? chosen : undefined
    },
    format: (chosen) => chosen.join(', '),
    choices: [],
  }
}

/** On how many devices: false for all alone, true for powers of two up to all, or these, ascending. */
export type DeviceCounts = boolean | number[]

/** More devices than `most` nobody has; one alone has nothing to be shared with. */
export function deviceCounts(most: number): SettingInput<DeviceCounts> {
  const count = wholeNumber({ minimum: 1, maximum: most })
  const counts = z
    .array(count.schema)
    .refine((all) => all.some((one) => one > 1))
    .refine((all) => all.every((one, index) => index === 0 || one > (all[index - 1] as number)))
  return {
    control: 'counts',
    schema: z.union([z.boolean(), counts]),
    allowed: `numbers of devices to ${formatCount(most)}, as 1,2,4, or auto for 2, 4, 8 and so on`,
    valueName: 'counts',
    wordOfFlagAlone: 'auto',
    parse(text) {
      const word = text.trim().toLowerCase()
      if (word === 'auto') return true
      if (word === 'none' || word === '') return false
      const numbers = word.split(',').map((part) => count.parse(part.trim()) ?? 0)
      return counts.safeParse([...new Set(numbers)].sort((a, b) => a - b)).data
    },
    format: (value) => (value === true ? '2, 4, 8 and so on' : value === false ? 'none' : value.join(', ')),
    choices: [],
  }
}

interface Range {
  minimum: number
  maximum?: number
}

export function wholeNumber({ minimum, maximum }: Range): SettingInput<number> {
  const schema = z
    .number()
    .int()
    .min(minimum)
    .max(maximum ?? Number.MAX_SAFE_INTEGER)
  const range =
    maximum === undefined
      ? `from ${formatCount(minimum)}`
      : `from ${formatCount(minimum)} to ${formatCount(maximum)}`
  return {
    control: 'number',
    schema,
    allowed: `whole numbers ${range}`,
    valueName: 'number',
    parse: (text) => (/^-?\d+$/.test(text) ? schema.safeParse(Number(text)).data : undefined),
    format: formatCount,
    choices: [],
  }
}

/** A limit: a whole number from 1; `none` stands for no limit, which is written as `noneText`. */
export function limitOr<None extends -1 | null>(none: None, noneText: string): SettingInput<number | None> {
  const limit = wholeNumber({ minimum: 1 })
  return {
    ...limit,
    schema: z.union([z.literal(none), limit.schema]) as unknown as z.ZodType<number | None>,
    allowed: `${limit.allowed}, or ${none === null ? 'nothing' : none} for ${noneText}`,
    parse: (text) => (text === String(none) ? none : limit.parse(text)),
    format: (value) => (value === none ? noneText : formatCount(value as number)),
  }
}

export interface NumberOptions {
  /** Which numbers, in words and in a schema. */
  allowed: string
  schema: z.ZodType<number>
}

export function decimalNumber({ allowed, schema }: NumberOptions): SettingInput<number> {
  return {
    control: 'number',
    schema,
    allowed,
    valueName: 'number',
    parse: (text) =>
      /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? schema.safeParse(Number(text)).data : undefined,
    format: String,
    choices: [],
  }
}

export const numberAboveZero = decimalNumber({
  allowed: 'numbers above 0, such as 0.1 or 1e-3',
  schema: z.number().positive(),
})

export const onOrOff: SettingInput<boolean> = {
  control: 'switch',
  schema: z.boolean(),
  allowed: 'on or off',
  valueName: null,
  parse: () => undefined,
  format: (isOn) => (isOn ? 'on' : 'off'),
  choices: [],
}

/** Words of a certain form; whether they mean anything here is found out later. */
export function wordsLike(pattern: RegExp, allowed: string, valueName: string): SettingInput<string> {
  return {
    control: 'text',
    schema: z.string().regex(pattern),
    allowed,
    valueName,
    parse: (text) => (pattern.test(text) ? text : undefined),
    format: String,
    choices: [],
  }
}

/** A folder; null for none, which is written as `noneText`. */
export function folderOrNone(noneText: string): SettingInput<string | null> {
  return {
    control: 'text',
    schema: z.string().nullable(),
    allowed: 'a folder',
    valueName: 'folder',
    parse: (text) => text,
    format: (folder) => folder ?? noneText,
    choices: [],
  }
}
