import { formatList, formatQuantity } from '../text/format.js'
import type { Badge, Finding, Severity } from './finding.js'
import type { RunValidity } from './judge-run.js'

export const badgeTitles: Readonly<Record<Badge, string>> = {
  valid: 'valid',
  'valid-with-warnings': 'valid with warnings',
  unreliable: 'unreliable, measure again',
  'not-comparable': 'not comparable',
}

/** What fits a column of a table; the whole is said beside it. */
export const shortBadgeTitles: Readonly<Record<Badge, string>> = {
  valid: 'Valid',
  'valid-with-warnings': 'Warnings',
  unreliable: 'Unreliable',
  'not-comparable': 'Not comparable',
}

/** A figure as text, where no colour can set it apart: `1.42x (unreliable)`. */
export function markUnreliable(text: string, isUnreliable: boolean): string {
  return isUnreliable ? `${text} (unreliable)` : text
}

export const severityTitles: Readonly<Record<Severity, string>> = {
  note: 'Note',
  warning: 'Warning',
  unreliable: 'Unreliable',
  'not-comparable': 'Not comparable',
}

/** The badge in words; where it is that of some strategies only, with their names: `not comparable: DP`. */
export function validityHeadline({ badge, strategies }: RunValidity): string {
  const title = badgeTitles[badge]
  if (badge !== 'not-comparable' && badge !== 'unreliable') return title
  const affected = strategies.filter((strategy) => strategy.badge === badge)
  if (affected.length === 0 || affected.length === strategies.length) return title
  return `${title}: ${formatList(affected.map((strategy) => strategy.title))}`
}

/** For a terminal: one line for the badge, then one for each finding. */
export function validityLines(validity: RunValidity): string[] {
  return [
    `Validity: ${validityHeadline(validity)}`,
    ...validity.findings.map((finding) => `  ${findingLine(finding)}`),
  ]
}

/** `2 warnings, 1 note`; null where nothing was found. */
export function countFindings(findings: readonly Finding[]): string | null {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length
  const counts: [count: number, singular: string, plural?: string][] = [
    [count('not-comparable'), 'reason not to compare', 'reasons not to compare'],
    [count('unreliable'), 'reason to measure again', 'reasons to measure again'],
    [count('warning'), 'warning'],
    [count('note'), 'note'],
  ]
  const some = counts.filter(([quantity]) => quantity > 0)
  return some.length === 0 ? null : some.map((quantity) => formatQuantity(...quantity)).join(', ')
}

/** What someone who watches a run wants to know at once; that it goes on is no news. */
export function newsOf({ findings }: RunValidity): Finding[] {
  return findings.filter(
    ({ severity, code }) => severity !== 'note' && code !== 'unfinished' && code !== 'nothing-measured',
  )
}

/** `Warning: Other programs took ...` */
export function findingLine({ severity, message }: Finding): string {
  return `${severityTitles[severity]}: ${message}`
}
