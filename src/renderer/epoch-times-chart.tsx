import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatSeconds } from '../shared/format.js'
import type { Measurement } from '../shared/results.js'
import { epochRows } from './epoch-rows.js'

/** Colours that stay apart for colour-blind readers, on light and dark ground (Okabe and Ito). */
const colours: Record<Measurement['id'], string> = {
  single: '#0072b2',
  'single-all-cores': '#56b4e9',
  dp: '#e69f00',
  ddp: '#009e73',
}

/** Seconds an epoch, one group of bars an epoch; strategies that measured nothing have no bar. */
export function EpochTimesChart({ measurements }: { measurements: readonly Measurement[] }) {
  const measured = measurements.filter((measurement) => measurement.epochTimes.length > 0)
  if (measured.length === 0) return <p>No epoch was finished, so there is no chart.</p>
  return (
    <figure>
      <figcaption>Epoch times in seconds, lower is faster</figcaption>
      <ResponsiveContainer width="100%" height={280} initialDimension={{ width: 800, height: 280 }}>
        <BarChart data={epochRows(measured)} accessibilityLayer>
          <CartesianGrid strokeDasharray="2 4" vertical={false} />
          <XAxis dataKey="epoch" />
          <YAxis unit=" s" width={70} />
          <Tooltip
            formatter={(seconds) => (typeof seconds === 'number' ? formatSeconds(seconds) : seconds)}
          />
          <Legend itemSorter={null} />
          {measured.map(({ id, title }) => (
            <Bar key={id} dataKey={id} name={title} fill={colours[id]} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
