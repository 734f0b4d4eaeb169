import { useHotkeys } from '@mantine/hooks'
import { useEffect, useEffectEvent } from 'react'
import { isActive } from '../../../shared/run/run-stage.js'
import { screens } from '../../../shared/screens.js'
import { useDashboard } from '../../state/dashboard.js'
import { useAskToStop } from './stop-question.js'

/** Where the command key is what the control key is elsewhere. */
const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

/** What `?` lists beside the screens. */
export const shortcuts = [
  { keys: [isApple ? '⌘' : 'Ctrl', 'K'], title: 'Anything, by a part of its name' },
  { keys: [isApple ? '⌘' : 'Ctrl', 'Enter'], title: 'On Benchmark: run it' },
  { keys: ['Space'], title: 'On Explain and in Present: play, pause' },
  { keys: ['←', '→'], title: 'On Explain: a phase back, on; in Present: a scene' },
  { keys: ['O', 'T'], title: 'In Present: overview, theme' },
  { keys: ['S'], title: 'Stop the benchmark, after a question' },
  { keys: ['?'], title: 'This list' },
  { keys: ['Esc'], title: 'Leave a dialog, or the presentation' },
] as const

/** Keys that work on every screen, except while something is typed. */
export function useShortcuts(actions: {
  navigate(path: string): void
  showShortcuts(): void
  showPalette(): void
}): void {
  const askToStop = useAskToStop()
  const isRunning = useDashboard(({ control }) => isActive(control.stage))
  useHotkeys([
    ...screens.map(({ path, key }): [string, () => void] => [key, () => actions.navigate(path)]),
    ['s', () => isRunning && askToStop()],
    ['shift+?', actions.showShortcuts],
    ['?', actions.showShortcuts],
  ])
  // Also while something is typed: these are no letters.
  useHotkeys([['mod+K', actions.showPalette]], [])
  // On the desktop the menu has the key, and tells.
  const showPalette = useEffectEvent(actions.showPalette)
  useEffect(() => window.tandem?.onOpenPalette(() => showPalette()), [])
}
