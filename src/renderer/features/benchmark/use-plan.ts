import { useEffect, useState } from 'react'
import type { RunPlan } from '../../../shared/contract/commands.js'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import type { RunConfiguration } from '../../../shared/run/run-configuration.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { useDashboard, useHost } from '../../state/dashboard.js'

export type PlanView =
  /** The host is asked. */
  | { kind: 'none' }
  /** There is nothing to ask: the settings cannot be run. */
  | { kind: 'unknown' }
  /** Not current: of the settings as they were a moment ago. */
  | { kind: 'plan'; plan: RunPlan; isCurrent: boolean }
  | { kind: 'problem'; error: ErrorReport }

const pauseMs = 300

/**
 * What the host makes of these settings, asked again after a pause when they change; null for settings that cannot
 * be run. Not asked while something runs: looking at devices would take time from what is measured.
 */
export function usePlan(configuration: RunConfiguration | null): PlanView {
  const call = useHost()
  const [answer, setAnswer] = useState<{ asked: string; view: PlanView } | null>(null)
  const engineStatus = useDashboard(({ engine }) => engine.status)
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const isBusy = useDashboard(({ control }) => isActive(control.stage))
  const asked = JSON.stringify(configuration)

  useEffect(() => {
    // Another engine makes another plan.
    const canAsk = isOpen && !isBusy && engineStatus !== 'searching'
    const wanted: RunConfiguration | null = JSON.parse(asked)
    if (!canAsk || wanted === null) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      const view = await call('planRun', { configuration: wanted }).then(
        (plan): PlanView => ({ kind: 'plan', plan, isCurrent: true }),
        (thrown): PlanView => ({ kind: 'problem', error: toErrorReport(thrown) }),
      )
      if (isCurrent) setAnswer({ asked, view })
    }, pauseMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [asked, isOpen, isBusy, engineStatus, call])

  if (configuration === null) return { kind: 'unknown' }
  // Until the next answer the last plan stays, so that nothing jumps; what was wrong may be mended already.
  if (answer === null || answer.asked === asked) return answer?.view ?? { kind: 'none' }
  return answer.view.kind === 'plan' ? { ...answer.view, isCurrent: false } : { kind: 'none' }
}
