import { formatQuantity } from '../text/format.js'
import {
  type Check,
  type CheckStatus,
  type CheckStep,
  checkGroups,
  type DoctorReport,
} from './doctor-report.js'

/** What a status is called, and the mark that stands for it without colour. */
export const statusWords: Readonly<Record<CheckStatus, { mark: string; word: string }>> = {
  pass: { mark: '✓', word: 'good' },
  skipped: { mark: '-', word: 'not checked' },
  warn: { mark: '!', word: 'look here' },
  fail: { mark: '✗', word: 'fault' },
}

/** In one sentence: "2 faults and 1 warning in 18 checks, 31.4 s". */
export function outcomeText({ outcome, checks, seconds }: DoctorReport): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length
  const faults = formatQuantity(count('fail'), 'fault')
  const warnings = formatQuantity(count('warn'), 'warning')
  const where = `in ${formatQuantity(checks.length, 'check')}, ${seconds.toFixed(1)} s`
  if (outcome === 'cancelled') return `Stopped after ${formatQuantity(checks.length, 'check')}`
  if (outcome === 'pass') return `No fault ${where}`
  return outcome === 'warn' ? `No fault, ${warnings} ${where}` : `${faults}, ${warnings} ${where}`
}

/** "TensorFlow: Loading" */
export function stepText({ group, title }: CheckStep): string {
  return `${group}: ${title}`
}

export function secondsText(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** The report in Markdown, to paste into an issue. */
export function reportMarkdown(report: DoctorReport): string {
  const lines = [
    '## tandem doctor',
    '',
    `${outcomeText(report)}. Tandem ${report.tandemVersion}, Node ${report.nodeVersion}, ${report.startedAt}.`,
    '',
    ...report.machine.map((line) => `- ${line}`),
  ]
  for (const { group, checks } of checkGroups(report.checks)) {
    lines.push('', `### ${group}`, '', '| | check | found | time |', '|---|---|---|---:|')
    for (const check of checks) lines.push(checkRow(check))
    for (const { title, table } of checks) {
      if (table === undefined) continue
      lines.push('', `${title}:`, '', tableRow(table.head), tableRow(table.head.map(() => '---:')))
      lines.push(...table.rows.map(tableRow))
    }
  }
  return `${lines.join('\n')}\n`
}

function checkRow({ status, title, found, advice, ms }: Check): string {
  const { mark, word } = statusWords[status]
  const text = advice === null ? found : `${found} **${advice}**`
  return tableRow([`${mark} ${word}`, title, text, secondsText(ms)])
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}
