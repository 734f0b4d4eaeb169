import type { Command } from 'commander'
import { dataExports } from '../../core/export/data-exports.js'
import type { ExportOptions } from '../../core/export/exporters.js'
import { exporters } from '../../core/export/exporters.js'
import { OutputFolder } from '../../core/export/output-folder.js'
import type { RunSource } from '../../core/history/report-source.js'
import { OutputFile } from '../../core/results/output-file.js'
import type { DataFormatId } from '../../shared/export/export-formats.js'
import { formatQuantity } from '../../shared/format.js'

/** Where the data of a run go, by format. */
export type DataFlags = Partial<Record<DataFormatId, string>>

const formats = [
  {
    id: 'csv',
    title: 'CSV',
    value: '<folder>',
    help: 'measurements, steps and samples of the machine as tables',
  },
  {
    id: 'tensorboard',
    title: 'TensorBoard',
    value: '<folder>',
    help: 'event files, a run for each strategy',
  },
  {
    id: 'trace',
    title: 'Trace',
    value: '<file>',
    help: 'the phases of every step on a time line, for Perfetto',
  },
  { id: 'mllog', title: 'MLLOG', value: '<file>', help: "lines in the format of MLPerf's training logs" },
  { id: 'markdown', title: 'Markdown', value: '<file>', help: 'the answer and a table, for a pull request' },
] as const satisfies readonly { id: DataFormatId; title: string; value: string; help: string }[]

export const dataFlagNames: readonly string[] = formats.map(({ id }) => `--${id}`)

export function addDataOptions(command: Command): Command {
  return formats.reduce(
    (extended, { id, value, help }) => extended.option(`--${id} ${value}`, help),
    command.optionsGroup('Data:'),
  )
}

/** One place that was asked for, and found to be writable. */
export interface DataOutput {
  /** Returns a line that says what is where. */
  write(source: RunSource, options: ExportOptions): Promise<string>
}

/** Throws `output-not-writable`. */
export async function openDataOutputs(flags: DataFlags): Promise<DataOutput[]> {
  const outputs: DataOutput[] = []
  for (const { id, title } of formats) {
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
