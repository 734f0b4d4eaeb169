import type { ExportedFile } from '../../shared/contract/commands.js'
import { TandemError } from '../../shared/errors.js'
import {
  type DataFormatId,
  type ExportFormatId,
  exportFileName,
  exportFormats,
} from '../../shared/export/export-formats.js'
import type { Paper } from '../../shared/report/paper.js'
import { formatBytes } from '../../shared/text/format.js'
import { writeBundle } from '../history/bundle/write-bundle.js'
import { type RunSource, readReport } from '../history/report-source.js'
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
    const { bytes, notes } = await ports.print(
      await ports.render(await readReport(source, signal), paper),
      signal,
    )
    return { content: bytes, notes }
  },
  html: async (source, { paper, ports, signal }) =>
    withoutNotes(await ports.render(await readReport(source, signal), paper)),
  bundle: async ({ results, files }, { signal }) =>
    withoutNotes(untilAborted(writeBundle(results.runId, await files()), signal)),
  results: async ({ results }) => withoutNotes(formatResults(results)),
  csv: inPiecesOf('csv'),
  tensorboard: inPiecesOf('tensorboard'),
  trace: inPiecesOf('trace'),
  mllog: inPiecesOf('mllog'),
  markdown: inPiecesOf('markdown'),
}

/** What a page is sent at most: it travels as one message, and is held as a whole at both ends. */
const mostBytesForPage = 64 * 2 ** 20

/**
 * The run in one file of that format, as it travels to a page. Throws as the format's exporter, and `export-too-large`.
 */
export async function exportRun(
  source: RunSource,
  id: ExportFormatId,
  options: ExportOptions,
): Promise<ExportedFile> {
  const { content, notes } = await exporters[id](source, options)
  const { extension, mediaType } = exportFormats[id]
  return {
    fileName: exportFileName(source.results.runId, extension),
    mediaType,
    base64: (await inMemory(content, mostBytesForPage)).toString('base64'),
    notes,
  }
}

/** All of the content. Throws `export-too-large` as soon as its pieces are more than `mostBytes`. */
export async function inMemory(content: Exported['content'], mostBytes: number): Promise<Buffer> {
  if (typeof content === 'string' || content instanceof Uint8Array) return Buffer.from(content as Uint8Array)
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of content) {
    pieces.push(Buffer.from(piece as Uint8Array))
    bytes += pieces.at(-1)?.length ?? 0
    if (bytes > mostBytes) {
      throw new TandemError({
        code: 'export-too-large',
        message: `this export is larger than the ${formatBytes(mostBytes)} that a page can take`,
        hint: 'Write it in a terminal, where there is no limit: a bundle with `tandem history export`, all else with `tandem report`.',
      })
    }
  }
  return Buffer.concat(pieces)
}

function inPiecesOf(id: DataFormatId): Exporter {
  return async (source, { signal }) => withoutNotes(untilAborted(asOneFile(dataExports[id], source), signal))
}

function withoutNotes(content: Exported['content']): Exported {
  return { content, notes: [] }
}
