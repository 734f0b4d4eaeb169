import { formatImagesPerSecond, formatPercent, formatSeconds, formatSpeedup } from '../shared/format.js'
import type { Measurement, Results } from '../shared/results.js'
import { EpochTimesChart } from './epoch-times-chart.js'

/** One run: what it ran on, the epoch times by strategy, and the figures behind them as a table. */
export function ResultsView({ fileName, results }: { fileName: string; results: Results }) {
  const { configuration, machine } = results
  return (
    <section>
      <h2>
        {configuration.modelName} on {configuration.dataset}
      </h2>
      <p>
        {fileName}: {machine.hostName}, {machine.gpus[0]?.model ?? machine.cpuModel}, {results.startedAt}
      </p>
      {results.status !== 'complete' && (
        <p role="status">This run is {results.status}: it shows what was measured until it ended.</p>
      )}
      <EpochTimesChart measurements={results.measurements} />
      <FiguresTable measurements={results.measurements} />
      {results.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </section>
  )
}

function FiguresTable({ measurements }: { measurements: readonly Measurement[] }) {
  return (
    <table>
      <caption>Mean epoch time, throughput and speedup by strategy</caption>
      <thead>
        <tr>
          <th scope="col">Strategy</th>
          <th scope="col">Devices</th>
          <th scope="col">Mean epoch</th>
          <th scope="col">Throughput</th>
          <th scope="col">Speedup</th>
          <th scope="col">Efficiency</th>
        </tr>
      </thead>
      <tbody>
        {measurements.map((measurement) => (
          <FiguresRow key={measurement.id} measurement={measurement} />
        ))}
      </tbody>
    </table>
  )
}

function FiguresRow({ measurement }: { measurement: Measurement }) {
  const { title, devices, meanEpochSeconds, imagesPerSecond, speedup, efficiency } = measurement
  const reason = measurement.skipReason ?? measurement.error?.message ?? null
  return (
    <tr>
      <th scope="row">
        {title}
        {reason !== null && <small>{reason}</small>}
      </th>
      <td>{devices.length}</td>
      <td>{formatSeconds(meanEpochSeconds)}</td>
      <td>{formatImagesPerSecond(imagesPerSecond)}</td>
      <td>{formatSpeedup(speedup)}</td>
      <td>{formatPercent(efficiency)}</td>
    </tr>
  )
}
