import type { ExportSource } from './export-source.js'

/** One file of an export, made while it is written: a long run is never held as one text. */
export interface ExportFile {
  /** Below the folder of the export, with `/` between folders; safe on every file system. */
  name: string
  /** In pieces of some tens of kilobytes. */
  content: AsyncIterable<string | Uint8Array>
}

/** A format in which a run's data leave Tandem. */
export interface DataExport {
  id: 'csv' | 'tensorboard' | 'trace' | 'mllog' | 'markdown'
  title: string
  /** What it is good for, in a few words. */
  purpose: string
  /** One file, or a folder of any number of them. */
  kind: 'file' | 'folder'
  /** What the file or folder is called after the run's id. */
  extension: string
  /**
   * Reads the recording and nothing else. Files come one after another: the content of each is to be read to its end
   * before the next is asked for.
   */
  files(source: ExportSource): AsyncIterable<ExportFile> | Iterable<ExportFile>
}
