import type { ExportFormatId } from '../../shared/export/export-formats.js'
import type { Paper } from '../../shared/report/paper.js'
import { type ReportSource, reportOf } from '../../shared/report/report.js'
import { formatResults } from '../results/results-file.js'
import type { ReportPorts } from './report-ports.js'

/** What an export comes to, and what its reader should know of how it was made. */
export interface Exported {
  content: string | Uint8Array
  notes: string[]
}

export interface ExportOptions {
  paper: Paper
  ports: ReportPorts
  /** Ends what is under way. */
  signal: AbortSignal
}

type Exporter = (source: ReportSource, options: ExportOptions) => Promise<Exported>

/** What makes each of `exportFormats`. Those of a report draw and print through the shell's ports. */
export const exporters: Readonly<Record<ExportFormatId, Exporter>> = {
  async pdf(source, { paper, ports, signal }) {
    const { bytes, notes } = await ports.print(await ports.render(reportOf(source), paper), signal)
    return { content: bytes, notes }
  },
  html: async (source, { paper, ports }) => withoutNotes(await ports.render(reportOf(source), paper)),
  results: async ({ results }) => withoutNotes(formatResults(results)),
}

function withoutNotes(content: string): Exported {
  return { content, notes: [] }
}
