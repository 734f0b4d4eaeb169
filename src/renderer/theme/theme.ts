import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Calm, a little warm; the strategies' colours are the only loud ones. */
const slate: MantineColorsTuple = [
  '#eef2f6',
  '#dde3ea',
  '#bcc7d3',
  '#98a8ba',
  '#7a8ea5',
  '#667d98',
  '#5b7493',
  '#4b6380',
  '#405873',
  '#324c68',
]

/** Type scale in rem: 0.75, 0.875, 1, 1.25, 1.5. Charts use the first, tables and text the second. */
export const theme = createTheme({
  primaryColor: 'slate',
  colors: { slate },
  primaryShade: { light: 8, dark: 5 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  respectReducedMotion: true,
})
