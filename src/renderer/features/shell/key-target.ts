const sliderKeys = new Set(['Home', 'End', 'PageUp', 'PageDown'])

/**
 * Whether what has the focus has a use of its own for a key, so that a screen's shortcut must leave it alone: a text
 * field for all, a slider for what moves it, a button for the space bar, and a choice for arrows where someone came to it by
 * keyboard. After a click on a choice, arrows are the screen's.
 */
export function hasOwnUse(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  const movesWithin = key.startsWith('Arrow') || sliderKeys.has(key)
  if (target.closest('[role="slider"]') !== null) return movesWithin
  if (target.closest('textarea, select, [contenteditable="true"]') !== null) return true
  if (!(target instanceof HTMLInputElement)) return key === ' ' && target.closest('button, a') !== null
  switch (target.type) {
    case 'radio':
      return key.startsWith('Arrow') && target.matches(':focus-visible')
    case 'checkbox':
      return key === ' '
    default:
      return true
  }
}
