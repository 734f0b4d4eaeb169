import type { Check } from '../../../shared/doctor/doctor-report.js'
import { stepText } from '../../../shared/doctor/report-text.js'
import { checkElementId, StatusBadge } from './check-group.js'
import styles from './doctor-screen.module.css'

/** Faults, then warnings, each with what to do about it; leads to where it was found. Nothing where all is well. */
export function WhatToDo({ checks }: { checks: readonly Check[] }) {
  const tasks = tasksOf(checks)
  if (tasks.length === 0) return null
  return (
    <section className={styles.card} aria-labelledby="what-to-do">
      <h2 id="what-to-do" className={styles.title}>
        What to do
      </h2>
      <ul className={styles.todo}>
        {tasks.map(({ advice, found }) => (
          <li key={advice} className={styles.task}>
            <StatusBadge status={found[0].status} />
            <div>
              {found.map((check) => (
                <button key={check.id} type="button" className={styles.link} onClick={() => goTo(check.id)}>
                  {stepText(check)}
                </button>
              ))}
              <p className={styles.advised}>{advice}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface Task {
  advice: string
  /** The worst first. */
  found: [Check, ...Check[]]
}

/** What is wrong in one way shows in several checks: it is to be done once. */
function tasksOf(checks: readonly Check[]): Task[] {
  const of = (wanted: Check['status']) => checks.filter(({ status }) => status === wanted)
  const tasks: Task[] = []
  for (const check of [...of('fail'), ...of('warn')]) {
    const advice = check.advice ?? check.found
    const same = tasks.find((task) => task.advice === advice)
    if (same === undefined) tasks.push({ advice, found: [check] })
    else same.found.push(check)
  }
  return tasks
}

/** Scrolls to a check and focuses it. */
function goTo(id: string): void {
  const row = document.getElementById(checkElementId(id))
  row?.scrollIntoView({ block: 'center' })
  row?.focus({ preventScroll: true })
}
