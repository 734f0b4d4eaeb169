import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { useHighContrast } from '../../theme/high-contrast.js'

export const projectorThemes = ['light', 'dark', 'contrast'] as const

export type ProjectorTheme = (typeof projectorThemes)[number]

export const projectorThemeTitles: Readonly<Record<ProjectorTheme, string>> = {
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
}

/** While a presentation is open, everything on the page grows with the window. */
export function useProjectorScale(): void {
  useEffect(() => {
    document.documentElement.dataset.present = 'true'
    return () => {
      delete document.documentElement.dataset.present
    }
  }, [])
}

/** The theme of the presentation: the page's own two, and one for projectors in bright rooms. */
export function useProjectorTheme(isDark: boolean): [ProjectorTheme, (theme: ProjectorTheme) => void] {
  const { setColorScheme } = useMantineColorScheme()
  const { isHigh, setHigh } = useHighContrast()
  const theme = isHigh ? 'contrast' : isDark ? 'dark' : 'light'
  return [
    theme,
    (chosen) => {
      setHigh(chosen === 'contrast')
      setColorScheme(chosen === 'light' ? 'light' : 'dark')
    },
  ]
}
