import { fonts } from '../../../report/fonts.js'

/** Makes the report's font known to this page: a style sheet of a shadow tree cannot, and neither may `data:` URLs. */
export async function loadReportFonts(): Promise<void> {
  for (const { weight, url } of fonts) {
    const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) =>
      character.charCodeAt(0),
    )
    document.fonts.add(await new FontFace('Inter', bytes, { weight }).load())
  }
}
