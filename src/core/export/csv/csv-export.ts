import type { DataExport } from '../data-export.js'
import { runSamples } from '../run-samples.js'
import { measurementColumns } from './measurements-table.js'
import { stepColumns, stepRows } from './steps-table.js'
import { csvTable } from './table.js'
import { telemetryColumns, telemetryRows } from './telemetry-table.js'

/** Three tables. How a run or a strategy ended is said in `measurements.csv`. */
export const csvExport: DataExport = {
  id: 'csv',
  kind: 'folder',
  *files({ results, events }) {
    const { measurements } = results
    yield { name: 'measurements.csv', content: csvTable(measurementColumns(results), measurements) }
    yield { name: 'steps.csv', content: csvTable(stepColumns(results), stepRows(results)) }
    const telemetry = telemetryRows(runSamples(events()))
    yield { name: 'telemetry.csv', content: csvTable(telemetryColumns(results), telemetry) }
  },
}
