import type { DataFormatId } from '../../shared/export/export-formats.js'
import type { ExportSource } from './export-source.js'

/** What a file comes from: pieces of some tens of kilobytes, so that a long run is never held as one text. */
export type FileContent = AsyncIterable<string | Uint8Array>

export interface ExportFile {
  /** Below the folder of the export, with `/` between folders; safe on every file system. */
  name: string
  content: FileContent
}

/** A format in which a run's data leave Tandem. */
export interface DataExport {
  id: DataFormatId
  /** One file, or a folder of any number of them. */
  kind: 'file' | 'folder'
  /**
   * Reads the recording and nothing else. Files come one after another: the content of each is to be read to its end, or
   * not at all, before the next is asked for.
   */
  files(source: ExportSource): AsyncIterable<ExportFile> | Iterable<ExportFile>
}
