import { Slider } from '@mantine/core'
import { useId, useMemo, useState } from 'react'
import type { LimitsAnalysis } from '../../../shared/analysis/limits-analysis.js'
import { predictedLanes, type WhatIf } from '../../../shared/explain/predicted-step.js'
import type { Slowdown } from '../../../shared/explain/stage-clock.js'
import { knowsSamples, trainedUnits } from '../../../shared/run/trained-unit.js'
import { capitalised, formatPercent, formatSpeedup } from '../../../shared/text/format.js'
import styles from './explain-screen.module.css'
import { modelScene } from './stage-scene.js'
import { StepShow } from './step-show.js'

const batches = [8, 16, 32, 64, 128, 256, 512, 1024]
const links = [0.1, 0.25, 0.5, 1, 2, 4, 10]
const factors = [1, 1.1, 1.25, 1.5, 2, 3]

/** A step of DDP with other devices, another batch, another link or a slow rank, by the step model. */
export function WhatIfShow({
  limits: { input, unit },
  slowdown,
  onSlowdown,
}: {
  limits: LimitsAnalysis
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  const [devices, setDevices] = useState(input.at.devices)
  const [batch, setBatch] = useState(nearest(batches, input.at.perDeviceBatchSize))
  const [link, setLink] = useState(links.indexOf(1))
  const [slow, setSlow] = useState(0)
  const whatIf: WhatIf = {
    devices,
    perDeviceBatchSize: knowsSamples(unit) ? (batches[batch] as number) : input.at.perDeviceBatchSize,
    linkFactor: links[link] as number,
    slowRank: slow === 0 ? null : { rank: Math.min(1, devices - 1), factor: factors[slow] as number },
  }
  const asked = JSON.stringify(whatIf)
  const { scene, speedup } = useMemo(() => {
    const wanted: WhatIf = JSON.parse(asked)
    if (input.model === null) return { scene: null, speedup: null }
    const lanes = predictedLanes(input.model, wanted)
    const imagesPerSecond = (wanted.devices * wanted.perDeviceBatchSize * 1000) / lanes.durationMs
    return {
      scene: modelScene(lanes, slowdown, wanted.perDeviceBatchSize),
      speedup: imagesPerSecond / input.baseImagesPerSecond,
    }
  }, [asked, slowdown, input])
  if (scene === null) return null
  return (
    <>
      <div className={styles.sliders}>
        <Setting label="Devices" value={devices} values={range(2, 16)} onChange={setDevices} text={String} />
        {knowsSamples(unit) && (
          <Setting
            label={`${capitalised(trainedUnits[unit].many)} a device`}
            value={batch}
            values={batches.map((_, index) => index)}
            onChange={setBatch}
            text={(index) => String(batches[index])}
          />
        )}
        <Setting
          label="Link speed"
          value={link}
          values={links.map((_, index) => index)}
          onChange={setLink}
          text={(index) => `${links[index]}x`}
        />
        <Setting
          label="One slow rank"
          value={slow}
          values={factors.map((_, index) => index)}
          onChange={setSlow}
          text={(index) => (index === 0 ? 'none' : `${factors[index]}x as long`)}
        />
        <p className={styles.prediction}>
          Model, not measured: {formatSpeedup(speedup)} over Single, efficiency{' '}
          {formatPercent(speedup === null ? null : speedup / devices)}
        </p>
      </div>
      <StepShow
        scene={scene}
        pictures={null}
        noPictures={null}
        waterfall={null}
        answer={null}
        slowdown={slowdown}
        onSlowdown={onSlowdown}
      />
    </>
  )
}

function Setting({
  label,
  value,
  values,
  onChange,
  text,
}: {
  label: string
  value: number
  values: readonly number[]
  onChange(value: number): void
  text(value: number): string
}) {
  const id = useId()
  return (
    <div className={styles.setting}>
      <span id={id}>
        {label}: <strong>{text(value)}</strong>
      </span>
      <Slider
        thumbLabel={`${label}: ${text(value)}`}
        min={values[0] ?? 0}
        max={values.at(-1) ?? 0}
        step={1}
        value={value}
        label={null}
        onChange={onChange}
      />
    </div>
  )
}

function nearest(values: readonly number[], wanted: number): number {
  const distances = values.map((value) => Math.abs(Math.log(value / wanted)))
  return distances.indexOf(Math.min(...distances))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
