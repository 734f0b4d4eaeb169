import type { DataFormatId, ExportFormatId } from '../../shared/export/export-formats.js'
import type { Paper } from '../../shared/report/paper.js'
import { reportOf } from '../../shared/report/report.js'
import type { RunSource } from '../history/report-source.js'
import { formatResults } from '../results/results-file.js'
import type { FileContent } from './data-export.js'
import { asOneFile, dataExports } from './data-exports.js'
import type { ReportPorts } from './report-ports.js'
import { untilAborted } from './until-aborted.js'

/** What an export comes to, and what its reader should know of how it was made. */
export interface Exported {
  /** All of it, or, of what may be long, its pieces. */
  content: string | Uint8Array | FileContent
  notes: string[]
}

export interface ExportOptions {
  paper: Paper
  ports: ReportPorts
  /** Ends what is under way. */
  signal: AbortSignal
}

type Exporter = (source: RunSource, options: ExportOptions) => Promise<Exported>

/** What makes each of `exportFormats`. Those of a report draw and print through the shell's ports. */
export const exporters: Readonly<Record<ExportFormatId, Exporter>> = {
  async pdf(source, { paper, ports, signal }) {
    const { bytes, notes } = await ports.print(await ports.render(reportOf(source), paper), signal)
    return { content: bytes, notes }
  },
  html: async (source, { paper, ports }) => withoutNotes(await ports.render(reportOf(source), paper)),
  results: async ({ results }) => withoutNotes(formatResults(results)),
  csv: inPiecesOf('csv'),
  tensorboard: inPiecesOf('tensorboard'),
  trace: inPiecesOf('trace'),
  mllog: inPiecesOf('mllog'),
  markdown: inPiecesOf('markdown'),
}

function inPiecesOf(id: DataFormatId): Exporter {
  return async (source, { signal }) => withoutNotes(untilAborted(asOneFile(dataExports[id], source), signal))
}

function withoutNotes(content: Exported['content']): Exported {
  return { content, notes: [] }
}
