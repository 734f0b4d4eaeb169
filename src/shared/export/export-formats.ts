/** One way to hand a run on: a line here is an entry of the dashboard's export screen. */
export interface ExportFormat {
  id: string
  title: string
  /** What it is good for, in a few words. */
  purpose: string
  /** What its file is called after the run's id. */
  extension: string
  mediaType: string
  /** A report is laid out for a paper; data are not. */
  kind: 'report' | 'data'
}

/** To add a format: a line here, and what makes it in `src/core/export/exporters.ts`. */
export const exportFormats = [
  {
    id: 'pdf',
    title: 'PDF',
    purpose: 'The report, to print or to send',
    extension: '.pdf',
    mediaType: 'application/pdf',
    kind: 'report',
  },
  {
    id: 'html',
    title: 'HTML',
    purpose: 'The report in one file, which opens without a network',
    extension: '.html',
    mediaType: 'text/html;charset=utf-8',
    kind: 'report',
  },
  {
    id: 'results',
    title: 'results.json',
    purpose: 'Everything that was measured, with every step',
    extension: '.json',
    mediaType: 'application/json',
    kind: 'data',
  },
] as const satisfies readonly ExportFormat[]

export type ExportFormatId = (typeof exportFormats)[number]['id']

export const exportFormatIds = exportFormats.map(({ id }) => id) as [ExportFormatId, ...ExportFormatId[]]

/** `tandem-20261125-093521-640c9e.pdf` */
export function exportFileName(runId: string, extension: string): string {
  return `tandem-${runId.replaceAll(/[^\w-]/g, '_')}${extension}`
}
