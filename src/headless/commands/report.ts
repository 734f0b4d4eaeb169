import { Command, Option } from 'commander'
import { findBrowser } from '../../core/browser/find-browser.js'
import { type ExportOptions, exporters } from '../../core/export/exporters.js'
import { withoutNames } from '../../core/export/without-names.js'
import { findReportSource, type RunSource } from '../../core/history/report-source.js'
import { OutputFile } from '../../core/results/output-file.js'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import type { ExportFormatId } from '../../shared/export/export-formats.js'
import type { Paper } from '../../shared/report/paper.js'
import { formatList } from '../../shared/text/format.js'
import type { CommandIo } from '../command-io.js'
import { errorLine } from '../error-line.js'
import { exitCodes } from '../exit-codes.js'
import { openHistory } from '../open-history.js'
import { paperNamed } from '../option-parsers.js'
import { browserChoice, headlessReportPorts } from '../report-ports.js'
import { addDataOptions, type DataFlags, dataFlagNames, openDataOutputs } from './report-data.js'

const help = `
RUN is a results.json or the folder that holds one, or of the history: its id, a part of it, its name, latest or baseline.

Examples:
  tandem report --pdf report.pdf                    the latest run
  tandem report results.json --html report.html     what tandem run wrote
  tandem report 20260131-142530-9f3a1c --pdf report.pdf --paper Letter
  tandem report --csv tables --tensorboard logs     its data

Chrome, Edge or Chromium prints the PDF: --browser, else CHROME_PATH, an installed one, or the one from npm.
If none of them prints it, the report is written as HTML instead.

Exit codes: 0 all written, 1 something failed, 2 bad usage, 130 stopped.`

interface ReportFlags extends DataFlags {
  html?: string
  pdf?: string
  paper: Paper
  browser?: string
  withoutNames?: true
}

/** `tandem report`: a run as something to hand on. */
export function reportCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const command = new Command('report')
    .description('write a run as a report, or export its data')
    .argument('[run]', 'which run', 'latest')
    .addHelpText('after', help)
    .option('--html <file>', 'one HTML file that opens anywhere, even offline')
    .option('--pdf <file>', 'the same, page by page')
    .addOption(
      new Option('--paper <size>', 'the paper size: A4 or Letter').argParser(paperNamed).default('a4', 'A4'),
    )
    .option('--without-names', 'call machines node 0, node 1, …, in place of their names')
    .option('--browser <path>', 'the Chrome, Edge or Chromium that prints the PDF')
  return addDataOptions(command).action(async (run: string, flags: ReportFlags) => {
    onExitCode(await io.withInterrupt((signal) => writeReport(run, flags, io, signal)))
  })
}

/** One file that was asked for. */
interface Wanted {
  format: ExportFormatId
  file: OutputFile
}

async function writeReport(
  run: string,
  flags: ReportFlags,
  io: CommandIo,
  signal: AbortSignal,
): Promise<number> {
  const wanted = await openFiles([
    ['html', '--html', flags.html],
    ['pdf', '--pdf', flags.pdf],
  ])
  const data = await openDataOutputs(flags)
  if (wanted.length + data.length === 0) throw nothingAskedFor()
  // A program named in vain is bad usage, known before anything is written.
  if (flags.pdf !== undefined) await findBrowser(browserChoice(io, flags.browser))
  const found = await findReportSource(run, openHistory(io))
  const source = flags.withoutNames ? withoutNames(found) : found
  const options = { paper: flags.paper, ports: headlessReportPorts(io, flags.browser), signal }
  let exitCode: number = exitCodes.success
  // Each stands alone: what is wrong with one is said, and the others are written.
  const attempt = async (writeOne: () => Promise<void>): Promise<boolean> => {
    try {
      await writeOne()
      return true
    } catch (thrown) {
      if (signal.aborted) throw thrown
      exitCode = exitCodes.failure
      io.stderr.write(errorLine(toErrorReport(thrown)))
      return false
    }
  }
  for (const { format, file } of wanted) {
    const isWritten = await attempt(() => write(format, file, source, options, io))
    if (isWritten || format !== 'pdf' || flags.html !== undefined) continue
    await attempt(async () => {
      const instead = await OutputFile.open(`${file.path}.html`, '--pdf')
      await write('html', instead, source, options, io)
    })
  }
  for (const output of data) {
    await attempt(async () => void io.stdout.write(`${await output.write(source, options)}\n`))
  }
  return exitCode
}

function nothingAskedFor(): TandemError {
  return new TandemError({
    code: 'usage',
    message: 'nothing was asked for',
    hint: `Name at least one place: ${formatList(['--html', '--pdf', ...dataFlagNames], 'or')}.`,
  })
}

async function openFiles(
  asked: readonly (readonly [ExportFormatId, flag: string, path: string | undefined])[],
): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  for (const [format, flag, path] of asked) {
    if (path !== undefined) wanted.push({ format, file: await OutputFile.open(path, flag) })
  }
  return wanted
}

async function write(
  format: ExportFormatId,
  file: OutputFile,
  source: RunSource,
  options: ExportOptions,
  io: CommandIo,
): Promise<void> {
  const { content, notes } = await exporters[format](source, options)
  await file.write(content)
  for (const note of notes) io.stderr.write(`${note}\n`)
  io.stdout.write(`Report: ${file.path}\n`)
}
