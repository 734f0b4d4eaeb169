import { readFile, writeFile } from 'node:fs/promises'
import { version } from '../../package.json'
import { formatDuration, formatRate } from '../../src/shared/text/format.js'
import type { BenchContext } from './context.js'
import { chooseEffort } from './effort.js'
import { type Evaluation, evaluate } from './evaluate.js'
import { proveIsa } from './isa-proof.js'
import { createLaunch } from './measure/launch.js'
import { untilQuiet, watchOthers } from './measure/other-programs.js'
import { type BenchOptions, parseOptions } from './options.js'
import { mergeGroups, type PlannedBlock, planSuite } from './plan.js'
import { plannedFindings } from './planned-findings.js'
import { drawChart } from './report-chart.js'
import { findingLines } from './report-table.js'
import { type BenchResults, type BlockResult, benchResultsSchema } from './results.js'
import { isDisturbed, remainingBlocks, runSuite } from './run-suite.js'
import { chooseSections } from './sections/all-sections.js'
import type { BenchCase, Figures } from './suite.js'
import { exploreSurroundings, type Surroundings } from './surroundings.js'
import { trainingLines } from './training-table.js'

/** The suite, from its flags to its table; `programs` is where its programs are built. Returns the exit code. */
export async function main(argv: readonly string[], programs: string): Promise<number> {
  const options = parseOptions(argv)
  const root = process.env.TANDEM_BENCH_ROOT ?? process.cwd()
  const surroundings = await exploreSurroundings(options.peerPython, options.tensorflowDir)
  const context: BenchContext = {
    root,
    programs,
    isa: options.isa ?? null,
    launch: await createLaunch(process.env, options.isa),
    libraryDir: surroundings.engine?.directory ?? null,
    peer: surroundings.peer,
    cores: surroundings.cores,
    effort: chooseEffort(options.quick, options),
  }
  const sections = chooseSections(options.only, context)
  const groups = mergeGroups(sections)
  const findings = plannedFindings(sections, groups)
  const plan = planSuite(groups, options.seed)
  const before = options.continue ? await readResults(options) : null
  const startedAt = before?.startedAt ?? new Date().toISOString()

  if (options.isa !== undefined) {
    surroundings.notes.push(...(await proveIsa(context, options.isa, new AbortController().signal)))
  }
  for (const note of surroundings.notes) say(note)
  const known = before?.blocks ?? []
  say(`${remainingBlocks(plan, known).length} blocks of ${plan.length} to measure`)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const save = async (blocks: BlockResult[]): Promise<Evaluation[]> => {
    const evaluations = findings.map((finding) => evaluate(finding, blocks))
    const results = document(options, surroundings, { startedAt, blocks, evaluations })
    await writeFile(options.outputFile, `${JSON.stringify(results, null, 1)}\n`)
    return evaluations
  }
  const blocks = await runSuite(plan, {
    known,
    deadlineMs: performance.now() + (options.maxMinutes ?? Number.POSITIVE_INFINITY) * 60_000,
    signal: stop.signal,
    tries: options.tries,
    onCase: sayCase,
    watch: watchOthers,
    untilQuiet,
    onDisturbed: (otherCores) => say(`other programs used ${otherCores.toFixed(2)} cores: once more`),
    onBlock: async (all) => void (await save(all)),
  })
  const evaluations = await save(blocks)
  for (const line of [...trainingLines(groups, blocks), ...findingLines(evaluations)]) console.log(line)
  const chart = drawChart(evaluations)
  const chartFile = `${options.outputFile.replace(/\.json$/, '')}.svg`
  if (chart !== '') await writeFile(chartFile, chart)
  say(`written: ${options.outputFile}${chart === '' ? '' : `, ${chartFile}`}`)
  const disturbed = blocks.filter(isDisturbed).length
  if (disturbed > 0) say(`other programs were busy in ${disturbed} of ${blocks.length} blocks`)
  const remaining = remainingBlocks(plan, blocks).length
  if (remaining > 0) say(`${remaining} blocks are left: --continue measures them`)
  if (stop.signal.aborted) return 130
  const optional = new Set(
    groups.flatMap(({ cases }) => cases.filter((one) => one.isOptional).map(({ id }) => id)),
  )
  return blocks.some(({ failures }) => Object.keys(failures).some((id) => !optional.has(id))) ? 1 : 0
}

/** What an earlier suite measured; null without one. Throws where its blocks are not comparable with this one's. */
async function readResults({ outputFile, seed, quick, isa }: BenchOptions): Promise<BenchResults | null> {
  const text = await readFile(outputFile, 'utf8').catch(() => null)
  if (text === null) return null
  const results = benchResultsSchema.parse(JSON.parse(text))
  if (results.seed === seed && results.quick === quick && results.isa === (isa ?? null)) return results
  throw new Error(
    `${outputFile} is of another seed, effort or instruction set: continue it with the same flags`,
  )
}

interface Measured {
  startedAt: string
  blocks: BlockResult[]
  evaluations: readonly Evaluation[]
}

function document(
  { seed, quick, isa }: BenchOptions,
  { machine, engine, peer, cores, notes }: Surroundings,
  { startedAt, blocks, evaluations }: Measured,
): BenchResults {
  const { hostName, ...passport } = machine
  return {
    benchVersion: 1,
    startedAt,
    machine: {
      ...passport,
      tandemVersion: version,
      nodeVersion: process.versions.node,
      tensorflowVersion: engine?.version ?? null,
    },
    torchVersion: peer?.torchVersion ?? null,
    cores,
    seed,
    quick,
    isa: isa ?? null,
    notes,
    blocks,
    findings: evaluations.map(({ finding: { section, title, group, unit, bar }, ...figures }) => ({
      ...{ section, title, group, unit, bar },
      ...figures,
    })),
  }
}

let caseStartedAt = 0

function sayCase(block: PlannedBlock, { title }: BenchCase, outcome: Figures | string | null): void {
  if (outcome === null) {
    caseStartedAt = performance.now()
    return
  }
  const where = `${block.group}, block ${block.index + 1}: ${title}`
  const took = formatDuration((performance.now() - caseStartedAt) / 1000)
  if (typeof outcome === 'string') say(`${where}: failed: ${outcome}`)
  else if (outcome.imagesPerSecond === undefined) say(`${where} (${took})`)
  else say(`${where}: ${formatRate(outcome.imagesPerSecond)} images/s (${took})`)
}

function say(line: string): void {
  console.log(line)
}
