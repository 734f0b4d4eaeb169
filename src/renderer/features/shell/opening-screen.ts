import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { isActive } from '../../../shared/run/run-stage.js'
import { useDashboard } from '../../state/dashboard.js'

/**
 * Whoever opens the page while something runs wants to see it run, and who has named a script wants to measure that, unless
 * they came for something else.
 */
export function useOpeningScreen(): void {
  const [location, navigate] = useLocation()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const isRunning = useDashboard(({ control }) => isActive(control.stage))
  const hasScript = useDashboard(({ offeredScript }) => offeredScript !== null)
  const settled = useRef(false)

  useEffect(() => {
    if (settled.current || !isOpen) return
    if (location !== '/') settled.current = true
    else if (isRunning || hasScript) {
      settled.current = true
      navigate(isRunning ? '/live' : '/script')
    }
  }, [isOpen, isRunning, hasScript, location, navigate])
}
