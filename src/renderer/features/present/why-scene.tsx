import { useAnswer } from '../../state/use-answer.js'
import { WaterfallCard } from '../results/waterfall-card.js'
import styles from './present-screen.module.css'
import { SceneNotice } from './scene-notice.js'
import { useRemPixels } from './use-rem-pixels.js'

/** The chart's smallest text is a tenth smaller than what is asked for. */
const smallestText = 0.9

/** From the step that N devices would make without any loss to the one that they made, over the whole run. */
export function WhyScene({ runId }: { runId: string }) {
  const analysed = useAnswer('analyseRun', { runId })
  const fontPixels = useRemPixels() / smallestText
  if (analysed.kind !== 'answer') return <SceneNotice title="Why not N times?" answered={analysed} />
  const { waterfalls } = analysed.answer
  if (waterfalls.length === 0) {
    const reason = 'It takes a strategy on several devices, and the base beside it, to tell what was lost'
    return <SceneNotice title="Why not N times?" answered={{ kind: 'none', reason }} />
  }
  return (
    <>
      <h1 className={styles.title}>Where did the time go?</h1>
      <div className={styles.waterfall}>
        <WaterfallCard waterfalls={waterfalls} fontPixels={fontPixels} />
      </div>
    </>
  )
}
