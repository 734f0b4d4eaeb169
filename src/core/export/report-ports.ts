import type { Paper } from '../../shared/report/paper.js'
import type { Report } from '../../shared/report/report.js'

/** What a shell does for a report: drawing it is a room above core, and printing it differs between shells. */
export interface ReportPorts {
  /** The report as one HTML file that needs nothing else. */
  render(report: Report, paper: Paper): Promise<string>
  /**
   * That file as a PDF, page by page as its style says. Throws `browser-not-found`, `browser-not-started` and
   * `print-failed`, and what `signal` says once it has fired.
   */
  print(html: string, signal: AbortSignal): Promise<PrintedReport>
}

export interface PrintedReport {
  bytes: Uint8Array
  /** What was given up for it, in a sentence each. */
  notes: string[]
}
