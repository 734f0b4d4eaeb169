import { InvalidArgumentError } from 'commander'
import { type Strategy, strategyNames } from '../shared/domain/strategies.js'
import { type Paper, papers, paperTitles } from '../shared/report/paper.js'
import { deviceRequestPattern } from '../shared/run-configuration.js'

/** A whole number in [minimum, maximum], for Option.argParser; the error says what is allowed. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= minimum && value <= maximum) return value
    const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`
    throw new InvalidArgumentError(`Allowed: whole numbers ${range}.`)
  }
}

/** A step limit: a whole number from 1, or -1 for none. */
export function stepLimit(text: string): number {
  if (text === '-1' || /^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Allowed: whole numbers from 1, or -1 for the whole epoch.')
}

/** A decimal number above 0. */
export function positiveNumber(text: string): number {
  const value = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Allowed: numbers above 0, as 0.1 or 1e-3.')
}

/** `5%` or `5 %` as 0.05; below 100, since nothing can lose more. */
export function percentage(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? []
  const share = Number(number) / 100
  if (share < 1) return share
  throw new InvalidArgumentError('Allowed: percentages from 0% to below 100%, as 5% or 2.5%.')
}

/** `single,dp`: each once, in the order of `strategyNames`. */
export function strategyList(text: string): Strategy[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !strategyNames.includes(name as Strategy))
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`Allowed: ${strategyNames.join(', ')}, joined by commas.`)
  }
  return strategyNames.filter((name) => names.includes(name))
}

/** `auto`, `cpu`, `cpu:N`, `gpu` or `gpu:0,1`; whether they exist is found out later. */
export function deviceRequest(text: string): string {
  if (deviceRequestPattern.test(text)) return text
  throw new InvalidArgumentError('Allowed: auto, cpu, cpu:N, gpu, gpu:0,1.')
}

/** `A4` or `Letter`, in any case. */
export function paperNamed(text: string): Paper {
  const paper = papers.find((name) => name === text.toLowerCase())
  if (paper !== undefined) return paper
  throw new InvalidArgumentError(`Allowed: ${papers.map((name) => paperTitles[name]).join(', ')}.`)
}
