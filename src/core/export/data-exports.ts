import type { DataFormatId } from '../../shared/export/export-formats.js'
import { csvExport } from './csv/csv-export.js'
import type { DataExport, FileContent } from './data-export.js'
import type { ExportSource } from './export-source.js'
import { markdownExport } from './markdown/markdown-export.js'
import { mllogExport } from './mllog/mllog-export.js'
import { tensorboardExport } from './tensorboard/tensorboard-export.js'
import { traceExport } from './trace/trace-export.js'
import { zipped } from './zip.js'

/** Every format of a run's data, by its id. */
export const dataExports: Readonly<Record<DataFormatId, DataExport>> = {
  csv: csvExport,
  tensorboard: tensorboardExport,
  trace: traceExport,
  mllog: mllogExport,
  markdown: markdownExport,
}

/** The export as one file, for where only one can be handed over: a folder as a ZIP archive. */
export async function* asOneFile({ kind, files }: DataExport, source: ExportSource): FileContent {
  if (kind === 'folder') yield* zipped(files(source))
  else for await (const { content } of files(source)) yield* content
}
