import { InvalidArgumentError } from 'commander'
import {
  numberAboveZero,
  type SettingInput,
  wholeNumber as wholeNumberInput,
} from '../shared/domain/settings/input.js'
import { type Paper, papers, paperTitles } from '../shared/report/paper.js'

/** Reads what a setting takes, for Option.argParser; the error says what is allowed. */
export function argumentParser<Value>({ parse, allowed }: SettingInput<Value>): (text: string) => Value {
  return (text) => {
    const value = parse(text)
    if (value !== undefined) return value
    throw new InvalidArgumentError(`Allowed: ${allowed}.`)
  }
}

/** The name that a browser calls, with its port where it is not the usual one: `bench.example.com`, no pattern. */
export function hostName(text: string): string {
  if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError(
    'Allowed: a name as browsers call it, such as bench.example.com, without https:// or *.',
  )
}

/** A whole number in [minimum, maximum]. */
export function wholeNumber(minimum: number, maximum?: number): (text: string) => number {
  return argumentParser(wholeNumberInput({ minimum, ...(maximum !== undefined && { maximum }) }))
}

/** A decimal number above 0. */
export const positiveNumber = argumentParser(numberAboveZero)

/** `5%` or `5 %` as 0.05; below 100, since nothing can lose more. */
export function percentage(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? []
  const share = Number(number) / 100
  if (share < 1) return share
  throw new InvalidArgumentError('Allowed: percentages from 0% to below 100%, such as 5% or 2.5%.')
}

/** `A4` or `Letter`, in any case. */
export function paperNamed(text: string): Paper {
  const paper = papers.find((name) => name === text.toLowerCase())
  if (paper !== undefined) return paper
  throw new InvalidArgumentError(`Allowed: ${papers.map((name) => paperTitles[name]).join(', ')}.`)
}
