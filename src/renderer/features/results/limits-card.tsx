import { NumberInput, Table, useComputedColorScheme } from '@mantine/core'
import { useMemo, useState } from 'react'
import { knownLimitCurves, limitsModel, limitTexts } from '../../../charts/limits-model.js'
import type { LimitsAnalysis } from '../../../shared/analysis/limits-analysis.js'
import { type LimitPoint, limitCurves } from '../../../shared/limits/limit-curves.js'
import { limitsSentences, modelDifference } from '../../../shared/limits/limits-text.js'
import { predictStep, type StepQuestion } from '../../../shared/limits/step-model.js'
import { knowsSamples, trainedUnits } from '../../../shared/run/trained-unit.js'
import {
  capitalised,
  formatPercent,
  formatSpeedup,
  formatThroughput,
  notAvailable,
} from '../../../shared/text/format.js'
import { ChartCard } from '../../charts/chart-card.js'
import styles from './limits-card.module.css'
import { LimitsLegend, LimitsPlot } from './limits-plot.js'

/** How far it can go, by a model that says that it is one, and "what if" it were other devices and batches. */
export function LimitsCard({
  limits,
  unreliable,
}: {
  limits: LimitsAnalysis
  unreliable: ReadonlySet<string>
}) {
  const scheme = useComputedColorScheme('light')
  const { at } = limits.input
  const [devices, setDevices] = useState(at.devices * 2)
  const [batch, setBatch] = useState(at.perDeviceBatchSize)
  const [linkFactor, setLinkFactor] = useState(1)
  const points = useMemo(
    () =>
      limitCurves(
        { ...limits.input, at: { devices: at.devices, perDeviceBatchSize: batch }, linkFactor },
        Math.max(8, devices),
      ),
    [limits, at, batch, devices, linkFactor],
  )
  const model = useMemo(() => limitsModel(limits, points), [limits, points])
  const look = { model, scheme, unreliable }
  return (
    <ChartCard
      title={
        limits.engineTitle === null ? 'How far can it go?' : `How far can it go on ${limits.engineTitle}?`
      }
      unit="speedup by devices, a model"
      legend={<LimitsLegend {...look} />}
      table={<LimitsTable points={points} />}
    >
      <LimitsPlot {...look} />
      <WhatIf
        limits={limits}
        question={{ devices, perDeviceBatchSize: batch, linkFactor }}
        onDevices={setDevices}
        onBatch={setBatch}
        onLinkFactor={setLinkFactor}
      />
      <div className={styles.notes}>
        {[limitsSentences(limits), modelDifference(limits, points)]
          .filter((sentences) => sentences.length > 0)
          .map((sentences) => (
            <p key={sentences[0]}>{sentences.join(' ')}</p>
          ))}
      </div>
    </ChartCard>
  )
}

interface WhatIfProps {
  limits: LimitsAnalysis
  question: Required<StepQuestion>
  onDevices(devices: number): void
  onBatch(batch: number): void
  onLinkFactor(factor: number): void
}

function WhatIf({ limits, question, onDevices, onBatch, onLinkFactor }: WhatIfProps) {
  const { model, allReduce, baseImagesPerSecond } = limits.input
  const predicted = model === null ? null : predictStep(model, baseImagesPerSecond, question)
  return (
    <fieldset className={styles.whatIf}>
      <legend>What if?</legend>
      <NumberInput
        size="xs"
        label="Devices"
        value={question.devices}
        min={1}
        max={1024}
        onChange={(value) => typeof value === 'number' && value >= 1 && onDevices(Math.min(1024, value))}
      />
      {knowsSamples(limits.unit) && (
        <NumberInput
          size="xs"
          label={`${capitalised(trainedUnits[limits.unit].many)} a device`}
          value={question.perDeviceBatchSize}
          min={1}
          onChange={(value) => typeof value === 'number' && value >= 1 && onBatch(value)}
        />
      )}
      {allReduce !== null && (
        <NumberInput
          size="xs"
          label="Link, x measured"
          value={question.linkFactor}
          min={0.01}
          max={1000}
          step={0.25}
          decimalScale={2}
          onChange={(value) =>
            typeof value === 'number' && value >= 0.01 && onLinkFactor(Math.min(1000, value))
          }
        />
      )}
      <p className={styles.answer} role="status">
        {predicted === null
          ? `${notAvailable}: communication is not known apart from compute in this run.`
          : `${formatSpeedup(predicted.speedup)} by the step model, ${formatPercent(predicted.efficiency)} efficiency, ${formatThroughput(predicted.imagesPerSecond, limits.unit)}`}
      </p>
    </fieldset>
  )
}

function LimitsTable({ points }: { points: readonly LimitPoint[] }) {
  const curves = knownLimitCurves(points)
  const names = curves.map(({ name }) => name)
  return (
    <Table verticalSpacing={2} fz="xs" aria-label="Speedup by devices, a model">
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="numeric">Devices</Table.Th>
          {curves.map(({ name, title }) => (
            <Table.Th key={name} className="numeric">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {points.map((point) => (
          <Table.Tr key={point.devices}>
            <Table.Td className="numeric">{point.devices}</Table.Td>
            {limitTexts(point, names).map((text, index) => (
              <Table.Td key={names[index]} className="numeric">
                {text}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
