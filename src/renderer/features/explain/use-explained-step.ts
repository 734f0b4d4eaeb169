import { useEffect, useMemo, useState } from 'react'
import type { ExplainedMeasurement, ExplainedStep } from '../../../shared/explain/explained-run.js'
import { useAnswer } from '../../state/use-answer.js'
import type { StagePicture } from './drawing.js'
import { pictureAtlas } from './stage-scene.js'

/** As many steps as one call brings: going through them one by one asks seldom. */
const stepsPerCall = 32

/** One step of a measurement with its pictures; null while it is read. */
export function useExplainedStep(
  runId: string,
  measurement: ExplainedMeasurement,
  index: number,
): {
  step: ExplainedStep | null
  pictures: StagePicture | null
  noPictures: string | null
  error: string | null
} {
  const { key } = measurement
  const from = Math.floor(index / stepsPerCall) * stepsPerCall
  const answered = useAnswer('readSteps', { runId, key, from, count: stepsPerCall })
  const step =
    answered.kind === 'answer' ? (answered.answer.find((one) => one.index === index) ?? null) : null
  const wanted = step === null ? null : { runId, key, epoch: step.epoch, step: step.step, limit: 512 }
  const pictures = useAnswer('readStepPictures', wanted)
  const atlas = useMemo(() => (pictures.kind === 'answer' ? pictureAtlas(pictures.answer) : null), [pictures])
  const noPictures =
    pictures.kind === 'answer' && pictures.answer.kind === 'missing' ? pictures.answer.reason : null
  const error = answered.kind === 'error' ? answered.error.message : null
  return { step, pictures: atlas, noPictures, error }
}

/** Whether the reader's system asks for little motion. */
export function usePrefersStills(): boolean {
  const query = '(prefers-reduced-motion: reduce)'
  const [prefers, setPrefers] = useState(() => window.matchMedia(query).matches)
  useEffect(() => {
    const list = window.matchMedia(query)
    const change = (): void => setPrefers(list.matches)
    list.addEventListener('change', change)
    return () => list.removeEventListener('change', change)
  }, [])
  return prefers
}
