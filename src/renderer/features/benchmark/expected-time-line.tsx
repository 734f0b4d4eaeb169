import type { RunPlan } from '../../../shared/contract/commands.js'
import { describeExpectedTime } from '../../../shared/expected-time.js'
import { capitalised } from '../../../shared/text/format.js'
import styles from './benchmark-screen.module.css'
import type { PlanView } from './use-plan.js'

/** How long a run of these settings takes. Its place is there before it is known, so that nothing moves. */
export function ExpectedTimeLine({ view }: { view: PlanView }) {
  const isKnown = view.kind === 'plan'
  return (
    <p
      className={styles.time}
      role="status"
      aria-label="How long it takes"
      data-stale={isKnown && !view.isCurrent}
    >
      {isKnown && timeText(view.plan)}
    </p>
  )
}

function timeText({ expectedTime, downloadBytes }: RunPlan): string {
  const time =
    expectedTime === null
      ? 'how long it takes is not known: nothing like it was measured here yet'
      : describeExpectedTime(expectedTime)
  const download =
    downloadBytes === 0 ? '' : `; first a download of ${Math.ceil(downloadBytes / 1e6)} MB, once`
  return `${capitalised(time)}${download}.`
}
