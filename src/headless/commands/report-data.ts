import type { Command } from 'commander'
import { dataExports } from '../../core/export/data-exports.js'
import { type ExportOptions, exporters } from '../../core/export/exporters.js'
import { OutputFolder } from '../../core/export/output-folder.js'
import type { RunSource } from '../../core/history/report-source.js'
import { OutputFile } from '../../core/results/output-file.js'
import { type DataFormatId, exportFormats } from '../../shared/export/export-formats.js'
import { formatQuantity } from '../../shared/text/format.js'

/** Where the data of a run go, by format. */
export type DataFlags = Partial<Record<DataFormatId, string>>

const titles = {
  csv: 'CSV',
  tensorboard: 'TensorBoard',
  trace: 'Trace',
  mllog: 'MLLOG',
  markdown: 'Markdown',
} as const satisfies Record<DataFormatId, string>

const formatIds = Object.keys(titles) as DataFormatId[]

export const dataFlagNames: readonly string[] = formatIds.map((id) => `--${id}`)

export function addDataOptions(command: Command): Command {
  return formatIds.reduce((extended, id) => {
    const { purpose } = exportFormats[id]
    const help = purpose.charAt(0).toLowerCase() + purpose.slice(1)
    return extended.option(`--${id} <${dataExports[id].kind}>`, help)
  }, command.optionsGroup('Data:'))
}

/** One place that was asked for, and found to be writable. */
export interface DataOutput {
  /** Returns a line that says what is where. */
  write(source: RunSource, options: ExportOptions): Promise<string>
}

/** Throws `output-not-writable`. */
export async function openDataOutputs(flags: DataFlags): Promise<DataOutput[]> {
  const outputs: DataOutput[] = []
  for (const id of formatIds) {
    const title = titles[id]
    const path = flags[id]
    if (path === undefined) continue
    const flag = `--${id}`
    const format = dataExports[id]
    if (format.kind === 'folder') {
      const folder = await OutputFolder.open(path, flag)
      outputs.push({
        async write(source, { signal }) {
          const count = await folder.write(format.files(source), flag, signal)
          return `${title}: ${folder.path} (${formatQuantity(count, 'file')})`
        },
      })
    } else {
      const file = await OutputFile.open(path, flag)
      outputs.push({
        async write(source, options) {
          await file.write((await exporters[id](source, options)).content)
          return `${title}: ${file.path}`
        },
      })
    }
  }
  return outputs
}
