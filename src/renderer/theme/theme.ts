import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

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
  // White on it has a contrast of 4.5 and more.
  primaryShade: { light: 8, dark: 6 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  respectReducedMotion: true,
})

/** What style sheets take from the theme, by scheme. Faint text, and what is wrong, have a contrast of 4.5 on page and card. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page': '#f6f7f9',
    '--card': '#ffffff',
    '--line': '#dde1e6',
    '--faint': '#5c6672',
    '--mantine-color-dimmed': '#5c6672',
    '--mantine-color-placeholder': '#646e7a',
    '--mantine-color-error': '#b02a2a',
  },
  dark: {
    '--page': '#15181c',
    '--card': '#1c2025',
    '--line': '#30363d',
    '--faint': '#9aa5b1',
    '--mantine-color-dimmed': '#9aa5b1',
    '--mantine-color-placeholder': '#8c97a3',
    '--mantine-color-error': '#ff8a80',
  },
})
