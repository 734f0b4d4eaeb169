import type { Check } from '../../../shared/doctor/doctor-report.js'
import { stepText } from '../../../shared/doctor/report-text.js'
import { checkElementId, StatusBadge } from './check-group.js'
import styles from './doctor-screen.module.css'

/** Faults, then warnings, each with what to do about it; leads to where it was found. Nothing where all is well. */
export function WhatToDo({ checks }: { checks: readonly Check[] }) {
  const of = (wanted: Check['status']) => checks.filter(({ status }) => status === wanted)
  const toSee = [...of('fail'), ...of('warn')]
  if (toSee.length === 0) return null
  return (
    <section className={styles.card} aria-labelledby="what-to-do">
      <h2 id="what-to-do" className={styles.title}>
        What to do
      </h2>
      <ul className={styles.todo}>
        {toSee.map((check) => (
          <li key={check.id} className={styles.task}>
            <StatusBadge status={check.status} />
            <span>
              <button type="button" className={styles.link} onClick={() => goTo(check.id)}>
                {stepText(check)}
              </button>
              <span className={styles.advised}>{check.advice ?? check.found}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Scrolls to a check and focuses it. */
function goTo(id: string): void {
  const row = document.getElementById(checkElementId(id))
  row?.scrollIntoView({ block: 'center' })
  row?.focus({ preventScroll: true })
}
