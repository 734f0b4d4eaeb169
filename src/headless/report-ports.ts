import type { BrowserChoice } from '../core/browser/find-browser.js'
import { printReport } from '../core/browser/print-report.js'
import type { ReportPorts } from '../core/export/report-ports.js'
import { renderReport } from '../report/load-renderer.js'
import type { CommandIo } from './command-io.js'

/** Reports under plain Node: printed by a Chromium that is found, or named. */
export function headlessReportPorts(io: CommandIo, browser?: string): ReportPorts {
  return {
    render: renderReport,
    print: (html, signal) => printReport(html, browserChoice(io, browser), signal),
  }
}

export function browserChoice({ environment, installation }: CommandIo, browser?: string): BrowserChoice {
  return { path: browser, environment, npmFolder: installation.chromiumDirectory }
}
