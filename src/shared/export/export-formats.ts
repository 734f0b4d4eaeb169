/** One way to hand a run on: an entry of the dashboard's export screen. */
export interface ExportFormat {
  title: string
  /** What it is good for, in a few words. */
  purpose: string
  /** What its file is called after the run's id. */
  extension: string
  mediaType: string
  /** A report is laid out for a paper; data are not. */
  kind: 'report' | 'data'
}

/** In the order in which they are offered. To add one: an entry here, and what makes it in `src/core/export/exporters.ts`. */
export const exportFormats = {
  pdf: {
    title: 'PDF',
    purpose: 'The report, to print or to send',
    extension: '.pdf',
    mediaType: 'application/pdf',
    kind: 'report',
  },
  html: {
    title: 'HTML',
    purpose: 'The report in one file, which opens offline',
    extension: '.html',
    mediaType: 'text/html;charset=utf-8',
    kind: 'report',
  },
  bundle: {
    title: 'Bundle',
    purpose: 'The whole run in one file, to open in Tandem on another machine',
    extension: '.tandem',
    mediaType: 'application/x-tandem',
    kind: 'data',
  },
  results: {
    title: 'results.json',
    purpose: 'Everything that was measured, step by step',
    extension: '.json',
    mediaType: 'application/json',
    kind: 'data',
  },
  csv: {
    title: 'CSV',
    purpose: 'Measurements, steps and telemetry as tables',
    extension: '.csv.zip',
    mediaType: 'application/zip',
    kind: 'data',
  },
  tensorboard: {
    title: 'TensorBoard',
    purpose: 'Event files, one run per strategy',
    extension: '.tensorboard.zip',
    mediaType: 'application/zip',
    kind: 'data',
  },
  trace: {
    title: 'Chrome trace',
    purpose: 'The phases of every step on a timeline, for Perfetto',
    extension: '.trace.json',
    mediaType: 'application/json',
    kind: 'data',
  },
  mllog: {
    title: 'MLLOG',
    purpose: "Lines in the format of MLPerf's training logs",
    extension: '.mllog.log',
    mediaType: 'text/plain;charset=utf-8',
    kind: 'data',
  },
  markdown: {
    title: 'Markdown',
    purpose: 'The answer and a table, for a pull request',
    extension: '.md',
    mediaType: 'text/markdown;charset=utf-8',
    kind: 'data',
  },
} as const satisfies Readonly<Record<string, ExportFormat>>

export type ExportFormatId = keyof typeof exportFormats

/** Those that are made of the run's data by `src/core/export/data-exports.ts`. */
export type DataFormatId = Exclude<ExportFormatId, 'pdf' | 'html' | 'bundle' | 'results'>

export const exportFormatIds = Object.keys(exportFormats) as [ExportFormatId, ...ExportFormatId[]]

/** `tandem-20261125-093521-640c9e.pdf` */
export function exportFileName(runId: string, extension: string): string {
  return `tandem-${runIdAsName(runId)}${extension}`
}

/** Of the 255 bytes that file systems take for a name. */
const longestName = 100

/** The run's id as part of a file's name: documents of others may have any text for one. */
export function runIdAsName(runId: string): string {
  return runId.replaceAll(/[^\w-]/g, '_').slice(0, longestName)
}
