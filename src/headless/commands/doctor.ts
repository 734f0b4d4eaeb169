import { Command, Option } from 'commander'
import { spawnNodeChild } from '../../core/child/node-child.js'
import { examine } from '../../core/doctor/doctor.js'
import type { Check, CheckStatus, DoctorReport } from '../../shared/doctor/doctor-report.js'
import {
  outcomeText,
  reportMarkdown,
  secondsText,
  statusWords,
  stepText,
} from '../../shared/doctor/report-text.js'
import { type EngineName, engineNames } from '../../shared/domain/engines.js'
import type { CommandIo } from '../command-io.js'
import { exitCodes } from '../exit-codes.js'
import { type Colors, createDisplay, type Display } from '../terminal/display.js'

interface DoctorFlags {
  json?: boolean
  report?: boolean
  engine?: EngineName
  tensorflowDir?: string
  python?: string
}

const examples = `
Examples:
  tandem doctor                    every check, in about a minute
  tandem doctor --engine wasm      one engine only
  tandem doctor --report           in Markdown, for an issue, without names of people or hosts
  tandem doctor --json             one JSON document

Exit codes: 0 no fault, 1 a fault, 2 bad usage, 130 stopped.`

/** `tandem doctor`: what this machine can do, proved step by step. */
export function doctorCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  return new Command('doctor')
    .description('check step by step what this machine can do, and say how to mend what is wrong')
    .option('--json', 'print one JSON document')
    .option('--report', 'print a report in Markdown, to paste into an issue')
    .addOption(new Option('--engine <name>', 'check one engine only').choices(engineNames))
    .option('--tensorflow-dir <folder>', 'the folder that holds libtensorflow')
    .option('--python <file>', 'the Python that has PyTorch')
    .addHelpText('after', examples)
    .action((flags: DoctorFlags) =>
      io.withInterrupt(async (signal) => {
        const report = await run(io, flags, signal)
        onExitCode(exitCodeFor(report))
      }),
    )
}

async function run(io: CommandIo, flags: DoctorFlags, signal: AbortSignal): Promise<DoctorReport> {
  const { environment, installation } = io
  const isDocument = flags.json === true || flags.report === true
  // Documents have standard output to themselves.
  const display = createDisplay(isDocument ? io.stderr : io.stdout, environment)
  const show = isDocument ? () => {} : checkPrinter(display)
  try {
    const report = await examine({
      tandemVersion: installation.version,
      environment,
      spawn: spawnNodeChild,
      trainerEntry: installation.trainerEntry,
      samplerEntry: installation.samplerEntry,
      engineCheckEntry: installation.engineCheckEntry,
      resourcesDirectory: installation.resourcesDirectory,
      tensorflowDirectory: flags.tensorflowDir,
      python: flags.python,
      ...(flags.engine !== undefined && { engines: [flags.engine] }),
      signal,
      onCheck: show,
      onCurrent: (steps) => {
        if (steps.length > 0) display.status(`Checking ${steps.map(stepText).join(', ')}`)
      },
    })
    if (!isDocument) display.line(`\n${outcomeText(report)}.`)
    if (flags.json === true) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    else if (flags.report === true) io.stdout.write(reportMarkdown(report))
    return report
  } finally {
    display.end()
  }
}

/** Prints a check as it comes, under the title of its group. */
function checkPrinter(display: Display): (check: Check) => void {
  let group = ''
  return (check) => {
    if (check.group !== group) display.line(display.colors.bold(`${group === '' ? '' : '\n'}${check.group}`))
    group = check.group
    const { mark } = statusWords[check.status]
    display.line(
      `  ${coloured(display.colors, check.status, mark)} ${check.title}: ${check.found} ${display.colors.dim(`(${secondsText(check.ms)})`)}`,
    )
    if (check.advice !== null) display.line(`      ${check.advice}`)
    for (const row of check.table === undefined ? [] : [check.table.head, ...check.table.rows]) {
      display.line(display.colors.dim(`      ${row.map((cell) => cell.padStart(13)).join('')}`))
    }
  }
}

function coloured(colors: Colors, status: CheckStatus, mark: string): string {
  switch (status) {
    case 'pass':
      return colors.green(mark)
    case 'skipped':
      return colors.dim(mark)
    case 'warn':
      return colors.yellow(mark)
    case 'fail':
      return colors.red(mark)
  }
}

function exitCodeFor({ outcome }: DoctorReport): number {
  if (outcome === 'cancelled') return exitCodes.interrupted
  return outcome === 'fail' ? exitCodes.failure : exitCodes.success
}
