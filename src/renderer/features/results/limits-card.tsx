import { NumberInput, Table, useComputedColorScheme } from '@mantine/core'
import { useMemo, useState } from 'react'
import { CartesianGrid, Line, LineChart, ReferenceDot, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import type { LimitsAnalysis } from '../../../shared/analysis/limits-analysis.js'
import { formatImagesPerSecond, formatPercent, formatSpeedup, notAvailable } from '../../../shared/format.js'
import { type LimitPoint, limitCurves } from '../../../shared/limits/limit-curves.js'
import { predictStep } from '../../../shared/limits/step-model.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { ChartCard } from '../../charts/chart-card.js'
import { LineSample } from '../../charts/chart-legend.js'
import styles from './limits-card.module.css'

const curves = [
  { key: 'ideal', title: 'Ideal', dash: [6, 4] },
  { key: 'allReduceBound', title: 'Bound by the all-reduce', dash: [2, 3] },
  { key: 'amdahl', title: 'Amdahl’s law, fitted', dash: [8, 3, 2, 3] },
  { key: 'predicted', title: 'Step model', dash: [] },
] as const

/** How far it can go, by a model that says that it is one, and "what if" it were other devices and batches. */
export function LimitsCard({
  limits,
  unreliable,
}: {
  limits: LimitsAnalysis
  unreliable: ReadonlySet<string>
}) {
  const scheme = useComputedColorScheme('light')
  const ink = scheme === 'light' ? '#4a5460' : '#a3adba'
  const grid = scheme === 'light' ? '#e6e9ed' : '#2a3037'
  const { at } = limits.input
  const [devices, setDevices] = useState(at.devices * 2)
  const [batch, setBatch] = useState(at.perDeviceBatchSize)
  const points = useMemo(
    () =>
      limitCurves(
        { ...limits.input, at: { devices: at.devices, perDeviceBatchSize: batch } },
        Math.max(8, devices),
      ),
    [limits, at, batch, devices],
  )
  return (
    <ChartCard
      title="How far can it go?"
      unit="speedup by devices, a model"
      legend={
        <ul className={styles.legend}>
          {curves
            .filter(({ key }) => points.some((point) => point[key] !== null))
            .map(({ key, title, dash }) => (
              <li key={key}>
                <LineSample style={{ colour: ink, dash: [...dash] }} />
                {title}
              </li>
            ))}
        </ul>
      }
      table={<LimitsTable points={points} />}
    >
      <div className={styles.body}>
        <div className={styles.chart} aria-hidden="true">
          <ResponsiveContainer width="100%" height="100%">
            <LineChart
              data={points.map((point) => ({ devices: point.devices, ...speedups(point) }))}
              margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
              accessibilityLayer={false}
            >
              <CartesianGrid stroke={grid} />
              <XAxis
                dataKey="devices"
                type="number"
                domain={[1, 'dataMax']}
                allowDecimals={false}
                tick={{ fill: ink, fontSize: 12 }}
              />
              <YAxis width={32} tick={{ fill: ink, fontSize: 12 }} />
              {curves.map(({ key, dash }) => (
                <Line
                  key={key}
                  dataKey={key}
                  stroke={ink}
                  strokeWidth={1.75}
                  strokeDasharray={dash.join(' ')}
                  dot={false}
                  isAnimationActive={false}
                />
              ))}
              {limits.measured.map(({ id, devices: on, speedup }) => (
                <ReferenceDot
                  key={id}
                  x={on}
                  y={speedup}
                  r={5}
                  fill={unreliable.has(id) ? 'var(--faint)' : strategyStyle(id, scheme).colour}
                  stroke="none"
                />
              ))}
            </LineChart>
          </ResponsiveContainer>
        </div>
        <WhatIf limits={limits} devices={devices} batch={batch} onDevices={setDevices} onBatch={setBatch} />
      </div>
    </ChartCard>
  )
}

interface WhatIfProps {
  limits: LimitsAnalysis
  devices: number
  batch: number
  onDevices(devices: number): void
  onBatch(batch: number): void
}

function WhatIf({ limits, devices, batch, onDevices, onBatch }: WhatIfProps) {
  const { model, baseImagesPerSecond } = limits.input
  const predicted =
    model === null ? null : predictStep(model, baseImagesPerSecond, { devices, perDeviceBatchSize: batch })
  return (
    <fieldset className={styles.whatIf}>
      <legend>What if?</legend>
      <NumberInput
        size="xs"
        label="Devices"
        value={devices}
        min={1}
        max={1024}
        onChange={(value) => typeof value === 'number' && value >= 1 && onDevices(Math.min(1024, value))}
      />
      <NumberInput
        size="xs"
        label="Images a device"
        value={batch}
        min={1}
        onChange={(value) => typeof value === 'number' && value >= 1 && onBatch(value)}
      />
      <p className={styles.answer} role="status">
        {predicted === null
          ? `${notAvailable}: communication is not known apart from compute in this run.`
          : `${formatSpeedup(predicted.speedup)}, ${formatPercent(predicted.efficiency)} efficiency, ${formatImagesPerSecond(predicted.imagesPerSecond)}`}
      </p>
      <p className={styles.note}>
        {limits.bandwidth === null
          ? ''
          : `All-reduce in the steps: ${gigabytes(limits.bandwidth.algorithmBytesPerSecond)} (algbw), ${gigabytes(limits.bandwidth.busBytesPerSecond)} (busbw).`}
      </p>
    </fieldset>
  )
}

function gigabytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`
}

function speedups(point: LimitPoint): Record<(typeof curves)[number]['key'], number | null> {
  return {
    ideal: point.ideal.speedup,
    amdahl: point.amdahl?.speedup ?? null,
    allReduceBound: point.allReduceBound?.speedup ?? null,
    predicted: point.predicted?.speedup ?? null,
  }
}

function LimitsTable({ points }: { points: readonly LimitPoint[] }) {
  return (
    <Table verticalSpacing={2} fz="xs" aria-label="Speedup by devices, a model">
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="numeric">Devices</Table.Th>
          {curves.map(({ key, title }) => (
            <Table.Th key={key} className="numeric">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {points.map((point) => (
          <Table.Tr key={point.devices}>
            <Table.Td className="numeric">{point.devices}</Table.Td>
            {curves.map(({ key }) => (
              <Table.Td key={key} className="numeric">
                {formatSpeedup(speedups(point)[key])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
