import regular from '@fontsource/inter/files/inter-latin-400-normal.woff2?inline'
import semibold from '@fontsource/inter/files/inter-latin-600-normal.woff2?inline'

/** The weights that a report uses, as `data:` URLs. */
export const fonts = [
  { weight: '400', url: regular },
  { weight: '600', url: semibold },
]

/** The report's font, within the report: a PDF made on a server looks as one made on a desktop. */
export const fontStyle = fonts
  .map(
    ({ weight, url }) =>
      `@font-face { font-family: Inter; font-weight: ${weight}; src: url(${url}) format("woff2") }`,
  )
  .join('\n')
