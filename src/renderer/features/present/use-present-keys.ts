import { useEffect, useEffectEvent } from 'react'
import { hasOwnUse } from '../shell/key-target.js'

export interface PresentKeys {
  /** The scene before or after this one. */
  turn(by: 1 | -1): void
  /** Counted from 1. */
  goTo(number: number): void
  showOverview(): void
  nextTheme(): void
  toggleFullscreen(): void
  leave(): void
}

/** A presenter's keys, those of a clicker too. What has a use for a key of its own keeps it: fields, sliders, dialogs. */
export function usePresentKeys(keys: PresentKeys, isDialogOpen: boolean): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isDialogOpen) return
    // Who has just closed a dialog with this key does not want to leave as well.
    if (event.target instanceof Element && event.target.closest('[role="dialog"]') !== null) return
    if (event.key === 'Escape') {
      // A list that is open closes first.
      if (event.target instanceof Element && event.target.ariaExpanded === 'true') return
      keys.leave()
      return
    }
    if (hasOwnUse(event.target, event.key)) return
    if (event.key === 'ArrowRight' || event.key === 'PageDown') keys.turn(1)
    else if (event.key === 'ArrowLeft' || event.key === 'PageUp') keys.turn(-1)
    else if (/^[1-9]$/.test(event.key)) keys.goTo(Number(event.key))
    else if (event.key.toLowerCase() === 'o') keys.showOverview()
    else if (event.key.toLowerCase() === 't') keys.nextTheme()
    else if (event.key.toLowerCase() === 'f') keys.toggleFullscreen()
    else return
    event.preventDefault()
  })
  useEffect(() => {
    // Before anything else takes the key: on this screen it means one thing.
    const listener = (event: KeyboardEvent): void => press(event)
    window.addEventListener('keydown', listener, { capture: true })
    return () => window.removeEventListener('keydown', listener, { capture: true })
  }, [])
}
