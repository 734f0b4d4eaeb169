import { analyseRun } from '../../../shared/analysis/run-analysis.js'
import { pytorchFacts } from '../../../shared/child/pytorch-facts.js'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import type { FigureTable } from '../../../shared/figures/figure-table.js'
import { strategyRows } from '../../../shared/figures/strategy-row.js'
import { withoutControls } from '../../../shared/printable.js'
import { type RunStanding, standingOf } from '../../../shared/report/run-standing.js'
import { type MachinePassport, nodesOf, type Results, statusTexts } from '../../../shared/results/results.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { commandLine, runArguments, settingsWithoutFlag } from '../../../shared/run/run-command.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { answerSentence } from '../../../shared/statistics/answer-text.js'
import { confidence } from '../../../shared/statistics/speedup-estimate.js'
import { capitalised, formatBytes, formatList, formatQuantity } from '../../../shared/text/format.js'
import { markdownTable, markdownText } from '../../../shared/text/markdown.js'
import { type RunValidity, unreliableIds } from '../../../shared/validity/judge-run.js'
import { badgeTitles, findingLine, validityHeadline } from '../../../shared/validity/validity-text.js'

/**
 * The answer, the figures of each strategy, the machine and how to do it again: all that a pull request needs.
 *
 * @param owner whether the process that measures is known to be alive, or to be gone
 */
export function runMarkdown(run: Results, owner: 'running' | 'gone' | null): string {
  const { results, validity: judged, machines, machineTables } = analyseRun(run)
  const sections = [
    `### Tandem: ${markdownText(runTitle(run))}`,
    standing(standingOf(run, results, owner), results),
    answers(results, unreliableIds(judged)),
    machines.map((sentence) => `- ${markdownText(sentence)}`).join('\n'),
    ...machineTables.map(machineTable),
    strategyTable(results, unreliableIds(judged)),
    validity(judged),
    `Machine: ${markdownText(machineLine(run.machine))}`,
    reproduction(run),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/**
 * What keeps it from being a whole run; nothing for a complete one. Hints are left out: they name files of this machine,
 * and a pull request is read elsewhere.
 */
function standing({ title, explanation }: RunStanding, results: readonly StrategyResult[]): string {
  if (explanation === null) return ''
  return [
    `> **${markdownText(title)}.** ${markdownText(explanation)}`,
    ...results.flatMap((result) =>
      result.error === null
        ? []
        : [`> - **${markdownText(result.title)}:** ${markdownText(result.error.message)}.`],
    ),
  ].join('\n')
}

function answers(results: readonly StrategyResult[], unreliable: ReadonlySet<string>): string {
  const sentences = results.flatMap(({ id, answer }) => {
    if (answer === null) return []
    const sentence = answerSentence(answer)
    return [unreliable.has(id) ? `${badgeTitles.unreliable}: ${sentence}` : sentence]
  })
  return sentences.map((sentence) => `- ${markdownText(capitalised(sentence))}.`).join('\n')
}

function machineTable({ caption, columns, rows }: FigureTable): string {
  const table = markdownTable(
    [...columns],
    rows.map(({ cells }) => cells.map(markdownText)),
  )
  return `${markdownText(caption)}:\n\n${table}`
}

function strategyTable(results: readonly StrategyResult[], unreliable: ReadonlySet<string>): string {
  const head = [
    'Strategy',
    'Devices',
    'Global batch',
    'Mean epoch',
    'Throughput',
    'Speedup',
    `${confidence * 100} % interval`,
    'Efficiency',
    'Verdict',
  ]
  const rows = strategyRows(results, unreliable).map((row, at) => [
    row.title,
    row.devices,
    row.globalBatch,
    row.meanEpoch,
    row.imagesPerSecond,
    row.speedup,
    row.interval,
    row.efficiency,
    verdict(results[at] as StrategyResult),
  ])
  return markdownTable(
    head,
    rows.map((row) => row.map(markdownText)),
  )
}

/** What was found; where nothing was measured or compared, why. */
function verdict(result: StrategyResult): string {
  const { status, skipReason, error, imagesPerSecond } = result
  if (imagesPerSecond === null) {
    return [statusTexts[status], skipReason ?? error?.message].filter(Boolean).join(': ')
  }
  return [finding(result), ...(status === 'completed' ? [] : [statusTexts[status]])]
    .filter(Boolean)
    .join('; ')
}

function finding({ id, answer }: StrategyResult): string {
  if (isBase({ id })) return ''
  if (answer === null) return 'no base'
  const { comparison } = answer
  if (comparison.kind === 'not-comparable') return 'not comparable'
  return comparison.verdict.kind === 'one-repeat' ? 'none: one repeat' : comparison.verdict.kind
}

function validity(judged: RunValidity): string {
  const badge = `Validity: **${markdownText(validityHeadline(judged))}**`
  const findings = judged.findings.filter(
    // Of the notes only where the figures come from: whoever reads a pull request has nothing else to tell it.
    ({ severity, code }) => severity !== 'note' || code === 'recording-gaps',
  )
  return [badge, ...findings.map((finding) => `- ${markdownText(findingLine(finding))}`)].join('\n')
}

function machineLine(machine: MachinePassport): string {
  const gpus = machine.gpus.map(({ model }) => model)
  return [
    machine.cpuModel,
    formatQuantity(machine.logicalCores, 'logical core'),
    formatBytes(machine.memoryBytes),
    ...(gpus.length === 0 ? ['no GPU'] : gpus),
    machine.operatingSystem,
    ...(machine.gpuDriverVersion === null ? [] : [`GPU driver ${machine.gpuDriverVersion}`]),
    ...(machine.tensorflowVersion === null ? [] : [`TensorFlow ${machine.tensorflowVersion}`]),
    ...pytorchFacts(machine).map(([name, value]) => `${name} ${value}`),
    `Tandem ${machine.tandemVersion}`,
    `Node ${machine.nodeVersion}`,
  ].join(', ')
}

function reproduction(results: Results): string {
  const { configuration, runId, startedAt } = results
  const missing = settingsWithoutFlag(configuration)
  const by = `run ${runId} of ${startedAt.slice(0, 10)}`
  const beyond = missing.length === 0 ? '' : `, but for ${formatList(missing)}, which no flag chooses`
  return `Reproduce (${markdownText(by)})${markdownText(beyond)}:\n\n${fenced(commandLine(runArguments(configuration, nodesOf(results))))}`
}

/** As a block of code: with a fence longer than any row of backticks within, nothing in it ends it. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([backticks]) => backticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sh\n${withoutControls(code)}\n${fence}`
}
